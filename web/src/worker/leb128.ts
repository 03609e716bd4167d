// Whole numbers in seven bits a byte, lowest first (LEB128), as packs and Automerge's chunks write them. Nothing else.

import type { Bytes } from './bytes.ts';

/** More than this is no length that any of our formats holds. */
const BYTES_MAX = 5;

export function writeNumber(value: number): Bytes {
  const bytes: number[] = [];
  for (; value >= 0x80; value = Math.floor(value / 128)) bytes.push((value & 0x7f) | 0x80);
  bytes.push(value);
  return new Uint8Array(bytes);
}

/** The number at this place and where it ends; undefined when the bytes end before it does. Throws when it is too long. */
export function readNumber(bytes: Uint8Array, at: number): { value: number; next: number } | undefined {
  let value = 0;
  for (let size = 0; size < BYTES_MAX; size++) {
    const byte = bytes[at + size];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * size);
    if (byte < 0x80) return { value, next: at + size + 1 };
  }
  throw new TypeError('a length is too long');
}
