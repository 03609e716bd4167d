// Ids that are made from names and times (PROTOCOL.md part 2), so that both sides can make them and need not send them.

import { concat, idFromBytes, idToBytes, sha1, sha256 } from './bytes.ts';

const utf8 = new TextEncoder();

/** The UUIDv5 of a name. */
export async function namedId(namespace: string, name: string): Promise<string> {
  const hash = await sha1(concat([idToBytes(namespace), utf8.encode(name)]));
  return stamped(hash.slice(0, 16), 5);
}

/** The door with this name: building, unit and label with slashes between. */
export function doorId(community: string, name: string): Promise<string> {
  return namedId(community, `door/${name}`);
}

/** The resident with this name at a door; the n-th of that name has its number behind it. */
export function residentId(door: string, name: string): Promise<string> {
  return namedId(door, `person/${name}`);
}

/** The visit that a device makes at this time. The time comes first, so ids sort by when they were made. */
export async function visitId(device: string, madeAtMs: number): Promise<string> {
  const time = new Uint8Array(8);
  new DataView(time.buffer).setBigUint64(0, BigInt(Math.max(0, madeAtMs)));
  const hash = await sha256(concat([utf8.encode('stairwell visit'), idToBytes(device), time]));
  return stamped(concat([time.subarray(2), hash.subarray(0, 10)]), 7);
}

/** The time in a visit's id in milliseconds, if this device made it then; undefined for any other id. */
export async function visitMadeAtMs(device: string, visit: string): Promise<number | undefined> {
  const ms = Number.parseInt(visit.slice(0, 8) + visit.slice(9, 13), 16);
  return (await visitId(device, ms)) === visit ? ms : undefined;
}

function stamped(bytes: Uint8Array, version: number): string {
  bytes[6] = (version << 4) | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return idFromBytes(bytes);
}
