// Handing a file to the person: into the downloads, or to another app of the phone.

import type { RescueFile } from '../../bridge/types.ts';

/** Long enough for the browser to have begun reading it. */
const KEPT_MS = 60_000;

/** Puts the file among the downloads. */
export function saveFile({ name, bytes }: Pick<RescueFile, 'name' | 'bytes'>): void {
  const address = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}

/** Browsers pass on only kinds of files that they know, and the file begins with words, so it goes as text. */
function asText({ name, bytes }: RescueFile): File {
  return new File([bytes], `${name}.txt`, { type: 'text/plain' });
}

export function canShare(): boolean {
  const example = new File(['x'], 'x.stairwell.txt', { type: 'text/plain' });
  return typeof navigator.share === 'function' && navigator.canShare?.({ files: [example] }) === true;
}

/** Passes the file on; into the downloads where that fails for another reason than the person's own no. */
export async function shareFile(file: RescueFile): Promise<void> {
  try {
    await navigator.share({ files: [asText(file)], title: file.name });
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'AbortError')) saveFile(file);
  }
}
