// What the small office keeps of a document, and for whom it answers. Shapes.

import type { Bytes } from '../bytes.ts';

export interface Kept { hash: string; seq: number; device: string; bytes: Bytes }
export interface Held { document: string; kind: string; feed: string; changes: Kept[] }
export interface Account { device: string; person: string; name: string; role: string; feeds: string[] }

/** Where a feed lists it. */
export function newest(held: Held): number {
  return held.changes.at(-1)?.seq ?? 0;
}
