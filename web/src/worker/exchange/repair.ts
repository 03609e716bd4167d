// Finding out where phone and office differ: sums over the parts of a feed, and what no part lists any more. Pure.

import type { DocumentRow } from '../store/rows.ts';
import { low32 } from './digest.ts';
import { PARTS } from './frames.ts';

/** The sums of the documents' digests in each part of a feed. */
export function digestsOfParts(rows: readonly DocumentRow[]): number[] {
  const sums = Array.from({ length: PARTS }, () => 0);
  for (const row of rows) {
    const part = partOf(row.id);
    sums[part] = ((sums[part] ?? 0) + Number(low32(row.digest))) % 0x1_0000_0000;
  }
  return sums;
}

/** The rows in parts that differ which the server did not list: it has them in this feed no more. */
export function unlisted(rows: readonly DocumentRow[], parts: Uint8Array, listed: ReadonlySet<string>): DocumentRow[] {
  return rows.filter((row) => differs(parts, partOf(row.id)) && !listed.has(row.id));
}

function differs(parts: Uint8Array, part: number): boolean {
  return (((parts[part >> 3] ?? 0) >> (part & 7)) & 1) === 1;
}

/** The last byte of its id, which is spread evenly however ids are made. */
export function partOf(document: string): number {
  return Number.parseInt(document.slice(-2), 16);
}
