// Just enough of Automerge's chunk format to see, without opening a document, what bytes hold and whether they stand alone,
// and to write a plain change from its parts.
// Layout: magic (4), checksum (4: the first bytes of the SHA-256 over the rest), type (1), LEB128 length, body.
// The body of a change: number of dependencies, their hashes, length and bytes of the actor, then what only Automerge reads.

import { concat, fromHex, sha256, toHex, type Bytes } from '../bytes.ts';
import { readNumber, writeNumber } from '../leb128.ts';

const MAGIC = [0x85, 0x6f, 0x4a, 0x83];
const HEADER_BYTES = 8;
const CHECKSUM_BYTES = 4;
const HASH_BYTES = 32;
const PLAIN_CHANGE = 1;

/** A change without what both sides can work out: who it builds on, who wrote it, and the rest of its body. */
export interface ChangeParts { deps: string[]; actor: Bytes; rest: Uint8Array }
export interface PlainChange { hash: string; deps: string[]; bytes: Bytes }
/**
 * A change with who wrote it, the number of its first operation, and when it was made by its writer's clock. `sound`: its
 * checksum is right. The bytes are a view of those it was found in.
 */
export interface WrittenChange {
  hash: string; deps: string[]; bytes: Uint8Array; actor: string; start_op: number; made_at: number; sound: boolean;
}
/** What can be seen in chunks. `opaque`: some are not plain changes, and what those hold cannot be seen. */
export interface Seen { changes: Map<string, string[]>; opaque: boolean }

interface Chunk { type: number; bytes: Uint8Array; hashed: Uint8Array; body: Uint8Array }

/** The changes in these chunks with what each builds on. */
export async function lookInto(bytes: Uint8Array): Promise<Seen> {
  const { written, opaque } = await takeApart(bytes);
  return { changes: new Map(written.map(({ hash, deps }) => [hash, deps])), opaque };
}

/**
 * The plain changes in these chunks, in their order. A change that is there twice comes twice. `damaged`: not all bytes are
 * sound chunks. The library passes over such bytes without a word.
 */
export async function takeApart(bytes: Uint8Array): Promise<{ written: WrittenChange[]; opaque: boolean; damaged: boolean }> {
  const written: WrittenChange[] = [];
  const chunks = split(bytes);
  let [opaque, damaged] = [chunks === undefined, chunks === undefined];
  for (const chunk of chunks ?? []) {
    const hash = toHex(await sha256(chunk.hashed));
    const sound = hash.startsWith(toHex(chunk.bytes.subarray(MAGIC.length, HEADER_BYTES)));
    damaged ||= !sound;
    const parts = chunk.type === PLAIN_CHANGE ? partsOfBody(chunk.body) : undefined;
    if (parts) written.push({ hash, deps: parts.deps, bytes: chunk.bytes, actor: toHex(parts.actor), sound, ...placeOf(parts.rest) });
    else opaque = true;
  }
  return { written, opaque, damaged };
}

/** The changes in these chunks; undefined when some are not plain changes, which cannot be judged. */
export async function readChanges(bytes: Uint8Array): Promise<Map<string, string[]> | undefined> {
  const { changes, opaque } = await lookInto(bytes);
  return opaque ? undefined : changes;
}

/** True when everything these changes build on is among them, given that `genesis` is known. */
export function standsAlone(changes: ReadonlyMap<string, string[]>, genesis: string | undefined): boolean {
  return [...changes.values()].every((deps) => deps.every((hash) => hash === genesis || changes.has(hash)));
}

/** The heads of these changes: those that no other builds on. */
export function headsOf(changes: ReadonlyMap<string, string[]>): string[] {
  const covered = new Set([...changes.values()].flat());
  return [...changes.keys()].filter((hash) => !covered.has(hash)).sort();
}

/** These heads and all that they build on, of these changes. */
export function reachedFrom(heads: readonly string[], changes: ReadonlyMap<string, string[]>): Set<string> {
  const reached = new Set<string>();
  const open = [...heads];
  for (let hash = open.pop(); hash !== undefined; hash = open.pop()) {
    if (reached.has(hash)) continue;
    reached.add(hash);
    open.push(...(changes.get(hash) ?? []));
  }
  return reached;
}

/** The parts of the one plain change in these bytes; undefined when they are anything else. */
export function partsOfChange(chunk: Uint8Array): ChangeParts | undefined {
  const chunks = split(chunk);
  const [only] = chunks ?? [];
  return chunks?.length === 1 && only?.type === PLAIN_CHANGE ? partsOfBody(only.body) : undefined;
}

/** The change chunk with these parts, as Automerge writes it. */
export async function changeFrom({ deps, actor, rest }: ChangeParts): Promise<PlainChange> {
  const body = concat([writeNumber(deps.length), ...deps.map(fromHex), writeNumber(actor.length), actor, rest]);
  const hashed = concat([new Uint8Array([PLAIN_CHANGE]), writeNumber(body.length), body]);
  const hash = await sha256(hashed);
  return { hash: toHex(hash), deps, bytes: concat([new Uint8Array(MAGIC), hash.subarray(0, CHECKSUM_BYTES), hashed]) };
}

function split(bytes: Uint8Array): Chunk[] | undefined {
  const chunks: Chunk[] = [];
  for (let at = 0; at < bytes.length; ) {
    const type = bytes[at + HEADER_BYTES];
    const length = tryNumber(bytes, at + HEADER_BYTES + 1);
    if (type === undefined || !length) return undefined;
    const end = length.next + length.value;
    if (end > bytes.length) return undefined;
    chunks.push({
      type, bytes: bytes.subarray(at, end), hashed: bytes.subarray(at + HEADER_BYTES, end), body: bytes.subarray(length.next, end),
    });
    at = end;
  }
  return chunks;
}

function partsOfBody(body: Uint8Array): ChangeParts | undefined {
  const count = tryNumber(body, 0);
  if (!count) return undefined;
  const depsEnd = count.next + count.value * HASH_BYTES;
  const actor = tryNumber(body, depsEnd);
  if (!actor || actor.next + actor.value > body.length) return undefined;
  const deps = Array.from({ length: count.value }, (_, index) => {
    const at = count.next + index * HASH_BYTES;
    return toHex(body.subarray(at, at + HASH_BYTES));
  });
  const actorEnd = actor.next + actor.value;
  return { deps, actor: body.slice(actor.next, actorEnd) as Bytes, rest: body.subarray(actorEnd) };
}

/** What stands first in the rest of a change: its number, that of its first operation, and its time in whole seconds. */
function placeOf(rest: Uint8Array): { start_op: number; made_at: number } {
  const seq = tryNumber(rest, 0);
  const startOp = seq && tryNumber(rest, seq.next);
  const time = startOp && tryNumber(rest, startOp.next);
  // The time may be negative, for which a bit of its last byte stands; nobody made anything before 1970.
  const isNegative = time !== undefined && ((rest[time.next - 1] ?? 0) & 0x40) !== 0;
  return { start_op: startOp?.value ?? 0, made_at: time && !isNegative ? time.value * 1000 : 0 };
}

/** These bytes may be anything; what is no number is undefined here, not an error. */
function tryNumber(bytes: Uint8Array, at: number): { value: number; next: number } | undefined {
  try {
    return readNumber(bytes, at);
  } catch {
    return undefined;
  }
}
