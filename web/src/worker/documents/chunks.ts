// Just enough of Automerge's chunk format to see, without opening a document, whether bytes stand on their own.
// Layout: magic (4), checksum (4: the first bytes of the SHA-256 over the rest), type (1), LEB128 length, body.

import { sha256, toHex } from '../bytes.ts';

const HEADER_BYTES = 8;
const HASH_BYTES = 32;
const PLAIN_CHANGE = 1;

interface Chunk { type: number; hashed: Uint8Array; body: Uint8Array }

/**
 * True when these chunks hold every change they build on, given that `genesis` is known.
 * Only plain changes can be judged; anything else answers false, which costs one question to the server.
 */
export async function standsAlone(bytes: Uint8Array, genesis: string | undefined): Promise<boolean> {
  const chunks = split(bytes);
  if (!chunks || chunks.some((chunk) => chunk.type !== PLAIN_CHANGE)) return false;
  const known = new Set(genesis === undefined ? [] : [genesis]);
  for (const chunk of chunks) known.add(toHex(await sha256(chunk.hashed)));
  return chunks.every((chunk) => dependencies(chunk.body)?.every((hash) => known.has(hash)) ?? false);
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
