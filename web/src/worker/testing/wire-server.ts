// Version 2 as the program reads and writes it, so that the small office can answer a phone. What the phone reads and
// writes is in `exchange/wire-two.ts`.

import { idFromBytes, idToBytes, toHex } from '../bytes.ts';
import { genesisOf } from '../documents/genesis.ts';
import { low32 } from '../exchange/digest.ts';
import { PARTS, type Frame, type Hello, type HelloFeed, type News, type Rows, type Shared } from '../exchange/frames.ts';
import { bytesOf, id, list, long, pieces, text, whole } from '../exchange/items.ts';
import { readLean } from '../exchange/lean.ts';
import { partsOfChange, changeFrom } from '../documents/chunks.ts';
import { toItems } from '../exchange/value.ts';
import { frameOf, itemsOf } from '../exchange/wire-one.ts';
import { digestBytes, firstBytes, readFeed, readKind, writeFeed, writeKind } from '../exchange/wire-two.ts';
import { visitId } from '../ids.ts';
import { differences, madeBy, writeDocuments, writeTable } from './columns.ts';

/** Changes of the request that follow each other, all accepted. */
export interface ReceiptRun { frame: 'receipts'; first: number; count: number; seq: number; check: number }
export type Answer = Frame | ReceiptRun;
export interface Asked { frames: Frame[]; shared: Shared; leanChanges: number }

/** The frames of a request of version 2. */
export async function readRequest(all: readonly unknown[][], device: string, community: string): Promise<Asked> {
  const hello = readHello(all[0] ?? []);
  const sent: string[] = [];
  const shared: Shared = {
    version: 2, device, community, clock_ms: hello.clock_ms, feeds: hello.feeds.map((it) => it.feed), sent,
  };
  const frames: Frame[] = [hello];
  const before = new Map<string, string>();
  let leanChanges = 0;
  for (const items of all.slice(1)) {
    const frame = await readOther(items, shared, before);
    if (!frame) continue;
    frames.push(frame);
    if (frame.frame !== 'change') continue;
    if (items[0] === 3) leanChanges += 1;
    const parts = partsOfChange(frame.bytes);
    const hash = parts ? (await changeFrom(parts)).hash : '';
    sent.push(hash);
    before.set(frame.document, hash);
  }
  return { frames, shared, leanChanges };
}

function readHello(items: readonly unknown[]): Hello {
  const feeds = list(items[3]).map((feed): HelloFeed => {
    const it = list(feed);
    const past = it[5] == null ? null : list(it[5]).map(whole);
    return {
      feed: id(it[0]), cursor: whole(it[1]), digest: long(it[2]), history: long(it[3]), complete: whole(it[4]),
      past: past && [past[0] ?? 0, past[1] ?? 0],
    };
  });
  return { frame: 'hello', version: whole(items[1]), clock_ms: whole(items[2]), feeds, people: whole(items[4]), app: text(items[5]) };
}

async function readOther(items: readonly unknown[], shared: Shared, before: ReadonlyMap<string, string>): Promise<Frame | undefined> {
  if (items[0] === 4) {
    const digests = pieces(items[2], 4).map((bytes) => firstBytes(toHex(bytes)));
    if (digests.length !== PARTS) throw new TypeError('not as many digests as parts');
    return { frame: 'compare', feed: readFeed(items[1], shared), digests };
  }
  if (items[0] !== 3) return frameOf(items);
  const { device, community } = shared;
  const document = items[1] instanceof Uint8Array ? idFromBytes(items[1]) : await visitId(device, shared.clock_ms - whole(items[1]));
  const kind = readKind(items[2]);
  const place = { device, community, genesis: genesisOf(kind)?.hash, previous: before.get(document) };
  const { bytes } = await readLean(bytesOf(items[4]), place);
  return { frame: 'change', document, kind, feed: readFeed(items[3], shared), bytes };
}

/** The items of the frames of an answer. `devices` may have made the visits it tells of. */
export function answerItems(frames: readonly Answer[], shared: Shared, devices: readonly string[]): Promise<unknown[][]> {
  return Promise.all(frames.map((frame) => answerItemsOf(frame, shared, devices)));
}

async function answerItemsOf(frame: Answer, shared: Shared, devices: readonly string[]): Promise<unknown[]> {
  switch (frame.frame) {
    case 'feed':
      return [18, writeFeed(frame.feed, shared), frame.cursor, Number(low32(frame.digest)), frame.more, frame.head];
    case 'start':
      return [22, writeFeed(frame.feed, shared), frame.history];
    case 'receipts':
      return [23, frame.first, frame.count, frame.seq, frame.check];
    case 'news':
      return newsItems(frame, shared, devices);
    case 'rows':
      return rowsItems(frame, shared, devices);
    case 'compared':
      return [26, writeFeed(frame.feed, shared), Number(low32(frame.digest)), frame.parts];
    default:
      return itemsOf(frame);
  }
}

async function newsItems(news: News, shared: Shared, devices: readonly string[]): Promise<unknown[]> {
  const made = await madeBy(news.document, devices);
  const document = made ? [idToBytes(made.device), shared.clock_ms - made.ms] : idToBytes(news.document);
  const summary = news.summary && ('value' in news.summary ? toItems(news.summary.value) : [toItems(news.summary.patch)]);
  return [24, document, writeKind(news.kind), writeFeed(news.feed, shared), news.seq, Number(news.digest), summary, news.whole, news.changes];
}

async function rowsItems({ kind, feed, rows }: Rows, shared: Shared, devices: readonly string[]): Promise<unknown[]> {
  const seen = rows.some((row) => row.seen) ? rows.map((row) => row.seen && [row.seen.at, row.seen.outcome]) : null;
  return [
    25, writeKind(kind), writeFeed(feed, shared), await writeDocuments(rows.map((row) => row.document), devices, shared.clock_ms),
    differences(rows.map((row) => row.seq)), digestBytes(rows.map((row) => Number(row.digest))),
    writeTable(rows.map((row) => row.summary)), seen,
  ];
}

/** The receipts of changes that follow each other in one feed, told in one. */
export function receiptRun(first: number, hashes: readonly string[], seq: number): ReceiptRun {
  const check = hashes.reduce((sum, hash) => sum ^ firstBytes(hash), 0) >>> 0;
  return { frame: 'receipts', first, count: hashes.length, seq, check };
}
