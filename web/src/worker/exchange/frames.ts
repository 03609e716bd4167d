// The frames of a pack: what each number means and the order of its items (PROTOCOL.md part 4).
// No streams here, no storage: one frame in, one array of bytes out, and back.

import { decode, encode } from 'cborg';
import { concat, copy, fromHex, idFromBytes, idToBytes, toHex, type Bytes } from '../bytes.ts';

/** The largest unsigned 64-bit number: a reader with this history is never sent bytes it did not ask for. */
export const HISTORY_ALL = 0xffff_ffff_ffff_ffffn;
export const PROTOCOL_VERSION = 1;

/** `complete`: the cursor at which this phone last had the feed to its end. */
export interface HelloFeed { feed: string; cursor: number; digest: bigint; history: bigint; complete: number }
export interface Hello {
  frame: 'hello'; version: number; clock_ms: number; feeds: HelloFeed[]; people: number; app: string;
}
export interface ChangeFrame { frame: 'change'; document: string; kind: string; feed: string; bytes: Bytes }
export interface Want { frame: 'want'; document: string }
export type ReceiptStatus = 'accepted' | 'held' | 'refused';
/** `prefix`: the first 8 bytes of the change's hash, as hex. */
export interface Receipt { frame: 'receipt'; prefix: string; status: ReceiptStatus; seq: number; reason: string | null }
export interface DocumentFrame {
  frame: 'document'; document: string; kind: string; feed: string; seq: number; heads: string[];
  summary: string | null; whole: boolean; bytes: Bytes;
}
export interface FeedFrame {
  frame: 'feed'; feed: string; cursor: number; digest: bigint; more: boolean; head: number;
}
export interface PersonEntry { person: string; name: string; role: string; devices: string[] }
export interface FeedEntry { feed: string; name: string; kind: 'grid' | 'community' }
export interface People { frame: 'people'; version: number; people: PersonEntry[]; feeds: FeedEntry[] }
export interface End { frame: 'end'; server_time: number; signature: Bytes }
export interface Notice { frame: 'notice'; reason: string }
export type Frame =
  Hello | ChangeFrame | Want | Receipt | DocumentFrame | FeedFrame | People | End | Notice;

const STATUSES: ReceiptStatus[] = ['accepted', 'held', 'refused'];
const HEAD_BYTES = 32;

/** The CBOR bytes of one frame, without its length. */
export function encodeFrame(frame: Frame): Bytes {
  return copy(encode(itemsOf(frame)));
}

function itemsOf(frame: Frame): unknown[] {
  switch (frame.frame) {
    case 'hello': {
      const feeds = frame.feeds.map((it) => [idToBytes(it.feed), it.cursor, it.digest, it.history, it.complete]);
      return [0, frame.version, frame.clock_ms, feeds, frame.people, frame.app];
    }
    case 'change':
      return [1, idToBytes(frame.document), frame.kind, idToBytes(frame.feed), frame.bytes];
    case 'want':
      return [2, idToBytes(frame.document)];
    case 'receipt':
      return [16, fromHex(frame.prefix), STATUSES.indexOf(frame.status), frame.seq, frame.reason];
    case 'document': {
      const heads = concat([...frame.heads].sort().map(fromHex));
      return [17, idToBytes(frame.document), frame.kind, idToBytes(frame.feed), frame.seq, heads,
        frame.summary, frame.whole, frame.bytes];
    }
    case 'feed':
      return [18, idToBytes(frame.feed), frame.cursor, frame.digest, frame.more, frame.head];
    case 'people': {
      const people = frame.people.map((it) => [idToBytes(it.person), it.name, it.role, it.devices.map(idToBytes)]);
      const feeds = frame.feeds.map((it) => [idToBytes(it.feed), it.name, it.kind]);
      return [19, frame.version, people, feeds];
    }
    case 'end':
      return [20, frame.server_time, frame.signature];
    case 'notice':
      return [21, frame.reason];
  }
}

/** The frame in these CBOR bytes; null for a number this version does not know. Throws on anything else. */
export function decodeFrame(bytes: Uint8Array): Frame | null {
  const items: unknown = decode(bytes);
  if (!Array.isArray(items)) throw new TypeError('a frame is an array');
  const read = READERS[whole(items[0])];
  return read ? read(items) : null;
}

const READERS: Record<number, (items: unknown[]) => Frame> = {
  0: (it) => ({
    frame: 'hello', version: whole(it[1]), clock_ms: whole(it[2]), feeds: list(it[3]).map(readHelloFeed),
    people: whole(it[4]), app: text(it[5]),
  }),
  1: (it) => ({ frame: 'change', document: id(it[1]), kind: text(it[2]), feed: id(it[3]), bytes: bytesOf(it[4]) }),
  2: (it) => ({ frame: 'want', document: id(it[1]) }),
  16: (it) => ({
    frame: 'receipt', prefix: toHex(bytesOf(it[1])), status: statusOf(it[2]), seq: whole(it[3]),
    reason: it[4] == null ? null : text(it[4]),
  }),
  17: (it) => ({
    frame: 'document', document: id(it[1]), kind: text(it[2]), feed: id(it[3]), seq: whole(it[4]),
    heads: readHeads(bytesOf(it[5])), summary: it[6] == null ? null : text(it[6]), whole: flag(it[7]),
    bytes: copy(bytesOf(it[8])),
  }),
  18: (it) => ({
    frame: 'feed', feed: id(it[1]), cursor: whole(it[2]), digest: long(it[3]), more: flag(it[4]), head: whole(it[5]),
  }),
  19: (it) => ({
    frame: 'people', version: whole(it[1]), people: list(it[2]).map(readPerson), feeds: list(it[3]).map(readFeed),
  }),
  20: (it) => ({ frame: 'end', server_time: whole(it[1]), signature: copy(bytesOf(it[2])) }),
  21: (it) => ({ frame: 'notice', reason: text(it[1]) }),
};

function readHelloFeed(value: unknown): HelloFeed {
  const it = list(value);
  return { feed: id(it[0]), cursor: whole(it[1]), digest: long(it[2]), history: long(it[3]), complete: whole(it[4] ?? 0) };
}

function readPerson(value: unknown): PersonEntry {
  const it = list(value);
  return { person: id(it[0]), name: text(it[1]), role: text(it[2]), devices: list(it[3]).map(id) };
}

function readFeed(value: unknown): FeedEntry {
  const it = list(value);
  return { feed: id(it[0]), name: text(it[1]), kind: text(it[2]) === 'community' ? 'community' : 'grid' };
}

function readHeads(bytes: Uint8Array): string[] {
  if (bytes.length % HEAD_BYTES !== 0) throw new TypeError('heads have 32 bytes each');
  const heads: string[] = [];
  for (let at = 0; at < bytes.length; at += HEAD_BYTES) heads.push(toHex(bytes.subarray(at, at + HEAD_BYTES)));
  return heads;
}

function statusOf(value: unknown): ReceiptStatus {
  const status = STATUSES[whole(value)];
  // A status of a later version must not count as accepted.
  return status ?? 'refused';
}

function id(value: unknown): string {
  return idFromBytes(bytesOf(value));
}

function whole(value: unknown): number {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'number' || !Number.isInteger(value)) throw new TypeError('not a whole number');
  return value;
}

function long(value: unknown): bigint {
  if (typeof value !== 'bigint' && !Number.isInteger(value)) throw new TypeError('not a whole number');
  return BigInt.asUintN(64, BigInt(value as number | bigint));
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('not text');
  return value;
}

function flag(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new TypeError('not true or false');
  return value;
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new TypeError('not a list');
  return value;
}

function bytesOf(value: unknown): Bytes {
  if (!(value instanceof Uint8Array)) throw new TypeError('not bytes');
  return value as Bytes;
}
