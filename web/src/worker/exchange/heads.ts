// Which heads the server's document has, worked out from what is known here. No document is opened for this.

import type { OwnChange } from '../store/store.ts';
import { documentDigest, low32 } from './digest.ts';

/** The heads once this change is there as well: it replaces what it builds on. */
export function headsWith(heads: readonly string[], change: { hash: string; deps: readonly string[] }): string[] {
  if (heads.includes(change.hash)) return [...heads];
  return [...heads.filter((head) => !change.deps.includes(head)), change.hash].sort();
}

/**
 * The heads that give this digest: those known, or with changes of ours that were sent and that no receipt has named
 * (a receipt may be lost). Undefined when neither does, so that the document must be asked for.
 */
export async function headsBehind(digest: bigint, document: string, known: readonly string[], own: readonly OwnChange[]): Promise<string[] | undefined> {
  let heads = [...known];
  for (const change of [undefined, ...own.filter((it) => !it.held)]) {
    if (change) heads = headsWith(heads, change);
    if (low32(await documentDigest(document, heads)) === digest) return heads;
  }
  return undefined;
}
