// The frames of version 1 as CBOR items and back (PROTOCOL.md parts 4 and 6). Version 2 spells most of them the same.

import { concat, copy, fromHex, idToBytes, toHex } from '../bytes.ts';
import type { FeedEntry, Frame, HelloFeed, PersonEntry, ReceiptStatus } from './frames.ts';
import { bytesOf, flag, id, list, long, pieces, text, whole } from './items.ts';

const STATUSES: ReceiptStatus[] = ['accepted', 'held', 'refused'];
const HEAD_BYTES = 32;

/** The items of a frame, its number first. Throws on a frame that version 1 does not have. */
export function itemsOf(frame: Frame): unknown[] {
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
    default:
      throw new TypeError(`version 1 has no ${frame.frame}`);
  }
}

/** The frame of these items; undefined for a number that version 1 does not know. Throws on anything else. */
export function frameOf(items: readonly unknown[]): Frame | undefined {
  return READERS[whole(items[0])]?.(items);
}

const READERS: Record<number, (items: readonly unknown[]) => Frame> = {
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
    heads: pieces(it[5], HEAD_BYTES).map(toHex), summary: it[6] == null ? null : text(it[6]), whole: flag(it[7]),
    bytes: copy(bytesOf(it[8])),
  }),
  18: (it) => ({
    frame: 'feed', feed: id(it[1]), cursor: whole(it[2]), digest: long(it[3]), more: flag(it[4]), head: whole(it[5]),
  }),
  19: (it) => ({
    frame: 'people', version: whole(it[1]), people: list(it[2]).map(readPerson), feeds: list(it[3]).map(readFeed),
  }),
  20: (it) => ({ frame: 'end', server_time: whole(it[1]), signature: it[2] == null ? null : copy(bytesOf(it[2])) }),
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

function statusOf(value: unknown): ReceiptStatus {
  // A status of a later version must not count as accepted.
  return STATUSES[whole(value)] ?? 'refused';
}
