// A care word on a household or a person.

import { codeText } from '../codes.ts';

export function TagChip({ code }: { code: string }) {
  return <span class="chip">{codeText('tags', code)}</span>;
}

/** Care words in a row; nothing when there are none. */
export function TagChips({ codes }: { codes: readonly string[] }) {
  if (codes.length === 0) return null;
  return <span class="chips">{codes.map((code) => <TagChip key={code} code={code} />)}</span>;
}
