// Just enough of Automerge's chunk format to see, without opening a document, what bytes hold and whether they stand alone.
// Layout: magic (4), checksum (4: the first bytes of the SHA-256 over the rest), type (1), LEB128 length, body.

import { sha256, toHex } from '../bytes.ts';

const HEADER_BYTES = 8;
const HASH_BYTES = 32;
const PLAIN_CHANGE = 1;

interface Chunk { type: number; hashed: Uint8Array; body: Uint8Array }

/** The changes in these chunks with what each builds on; undefined when some are not plain changes, which cannot be judged. */
export async function readChanges(bytes: Uint8Array): Promise<Map<string, string[]> | undefined> {
  const chunks = split(bytes);
  if (!chunks) return undefined;
  const changes = new Map<string, string[]>();
  for (const chunk of chunks) {
    const deps = chunk.type === PLAIN_CHANGE ? dependencies(chunk.body) : undefined;
    if (!deps) return undefined;
    changes.set(toHex(await sha256(chunk.hashed)), deps);
  }
  return changes;
}

/** True when everything these changes build on is among them, given that `genesis` is known. */
export function standsAlone(changes: ReadonlyMap<string, string[]>, genesis: string | undefined): boolean {
  return [...changes.values()].every((deps) => deps.every((hash) => hash === genesis || changes.has(hash)));
}

function split(bytes: Uint8Array): Chunk[] | undefined {
  const chunks: Chunk[] = [];
  for (let at = 0; at < bytes.length; ) {
    const type = bytes[at + HEADER_BYTES];
    const length = readNumber(bytes, at + HEADER_BYTES + 1);
    if (type === undefined || !length) return undefined;
    const end = length.next + length.value;
    if (end > bytes.length) return undefined;
    chunks.push({ type, hashed: bytes.subarray(at + HEADER_BYTES, end), body: bytes.subarray(length.next, end) });
    at = end;
  }
  return chunks;
}

/** A change's body begins with the number of its dependencies and their hashes. */
function dependencies(body: Uint8Array): string[] | undefined {
  const count = readNumber(body, 0);
  if (!count || count.next + count.value * HASH_BYTES > body.length) return undefined;
  return Array.from({ length: count.value }, (_, index) => {
    const at = count.next + index * HASH_BYTES;
    return toHex(body.subarray(at, at + HASH_BYTES));
  });
}

function readNumber(bytes: Uint8Array, at: number): { value: number; next: number } | undefined {
  let value = 0;
  for (let shift = 0; shift < 5; shift++) {
    const byte = bytes[at + shift];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 128 ** shift;
    if (byte < 0x80) return { value, next: at + shift + 1 };
  }
  return undefined;
}
