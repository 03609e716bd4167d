// The share of one document in its feed's digest, by which phone and server see that they hold the same.

import { concat, fromHex, idToBytes, sha256 } from '../bytes.ts';

/** First 8 bytes, little endian, of SHA-256(document id, then the heads sorted). 0 for a document the server does not have. */
export async function documentDigest(document: string, heads: readonly string[]): Promise<bigint> {
  if (heads.length === 0) return 0n;
  const hash = await sha256(concat([idToBytes(document), ...[...heads].sort().map(fromHex)]));
  return new DataView(hash.buffer).getBigUint64(0, true);
}

/** What travels of a digest, and all that two digests are compared by: version 2 tells only the low 32 bits. */
export function low32(digest: bigint): bigint {
  return BigInt.asUintN(32, digest);
}
