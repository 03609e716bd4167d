// The frames of version 2 as CBOR items and back (PROTOCOL.md part 4): what a phone reads and what it writes.
// What both sides know is not said; here it is put back.

import { idFromBytes, idToBytes, toHex } from '../bytes.ts';
import { genesisOf } from '../documents/genesis.ts';
import { visitId, visitMadeAtMs } from '../ids.ts';
import { readDocuments, readTable } from './columns.ts';
import { low32 } from './digest.ts';
import { PARTS, type ChangeFrame, type Compared, type Frame, type Hello, type News, type Row, type Rows, type SeenAt, type Shared, type SummaryNews } from './frames.ts';
import { bytesOf, flag, id, list, long, pieces, running, text, whole } from './items.ts';
import { writeLean, type DoorNames } from './lean.ts';
import { frameOf, itemsOf } from './wire-one.ts';
import { fromItems } from './value.ts';

const KINDS = ['community', 'door', 'visit'];
const DIGEST_BYTES = 4;
const RECEIPT_PREFIX_DIGITS = 16;

/** The door that the changes of a document speak of, where its names are known. */
export type DoorOf = (document: string) => Promise<DoorNames | undefined>;

// Writing what a phone writes

/** The items of the frames of one request, in their order; `shared.sent` names its changes. */
export async function itemsOfRequest(frames: readonly Frame[], shared: Shared, doorOf: DoorOf): Promise<unknown[][]> {
  const before = new Map<string, string>();
  const items: unknown[][] = [];
  let place = 0;
  for (const frame of frames) {
    if (frame.frame === 'change') {
      items.push(await changeItems(frame, shared, before.get(frame.document), await doorOf(frame.document)));
      const hash = shared.sent[place++];
      if (hash !== undefined) before.set(frame.document, hash);
    } else items.push(otherItems(frame, shared));
  }
  return items;
}

function otherItems(frame: Frame, shared: Shared): unknown[] {
  switch (frame.frame) {
    case 'hello':
      return helloItems(frame);
    case 'compare':
      return [4, writeFeed(frame.feed, shared), digestBytes(frame.digests)];
    default:
      return itemsOf(frame);
  }
}

function helloItems(hello: Hello): unknown[] {
  const feeds = hello.feeds.map((it) =>
    [idToBytes(it.feed), it.cursor, Number(low32(it.digest)), it.history, it.complete, it.past ?? null]);
  return [0, hello.version, hello.clock_ms, feeds, hello.people, hello.app];
}

/** Whatever cannot be put back exactly goes in full. */
async function changeItems(frame: ChangeFrame, shared: Shared, previous: string | undefined, door: DoorNames | undefined): Promise<unknown[]> {
  const { device, community } = shared;
  const lean = await writeLean(frame.bytes, { device, community, genesis: genesisOf(frame.kind)?.hash, previous, door });
  if (!lean) return itemsOf(frame);
  const madeAt = await visitMadeAtMs(device, frame.document);
  const document = madeAt === undefined ? idToBytes(frame.document) : shared.clock_ms - madeAt;
  return [3, document, writeKind(frame.kind), writeFeed(frame.feed, shared), lean];
}

export function writeKind(kind: string): string | number {
  const place = KINDS.indexOf(kind);
  return place < 0 ? kind : place;
}

export function writeFeed(feed: string, { feeds }: Shared): Uint8Array | number {
  const place = feeds.indexOf(feed);
  return place < 0 ? idToBytes(feed) : place;
}

export function digestBytes(digests: readonly number[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(digests.length * DIGEST_BYTES));
  digests.forEach((digest, index) => bytes.setUint32(index * DIGEST_BYTES, digest, true));
  return new Uint8Array(bytes.buffer);
}

// Reading what a phone reads

/** The frames of these items: none for a number this version does not know, several for receipts told in one. */
export async function framesOf(items: readonly unknown[], shared: Shared): Promise<Frame[]> {
  switch (whole(items[0])) {
    case 18:
      return [{
        frame: 'feed', feed: readFeed(items[1], shared), cursor: whole(items[2]), digest: long(items[3]),
        more: flag(items[4]), head: whole(items[5]),
      }];
    case 22:
      return [{ frame: 'start', feed: readFeed(items[1], shared), history: whole(items[2]) }];
    case 23:
      return readReceipts(items, shared);
    case 24:
      return [await readNews(items, shared)];
    case 25:
      return [await readRows(items, shared)];
    case 26:
      return [readCompared(items, shared)];
    default: {
      const frame = frameOf(items);
      return frame ? [frame] : [];
    }
  }
}

/** Names nothing when it is not about the changes that were sent. */
function readReceipts(items: readonly unknown[], { sent }: Shared): Frame[] {
  const [first, count, seq, check] = items.slice(1).map(whole) as [number, number, number, number];
  const hashes = sent.slice(first, first + count);
  const found = hashes.reduce((sum, hash) => sum ^ firstBytes(hash), 0) >>> 0;
  if (hashes.length !== count || found !== check) return [];
  return hashes.map((hash, index): Frame => ({
    frame: 'receipt', prefix: hash.slice(0, RECEIPT_PREFIX_DIGITS), status: 'accepted', seq: seq + index, reason: null,
  }));
}

/** The first 4 bytes of a hash as a number, little endian. */
export function firstBytes(hash: string): number {
  return Number.parseInt(hash.slice(6, 8) + hash.slice(4, 6) + hash.slice(2, 4) + hash.slice(0, 2), 16);
}

async function readNews(items: readonly unknown[], shared: Shared): Promise<News> {
  return {
    frame: 'news', document: await readDocument(items[1], shared.clock_ms), kind: readKind(items[2]), feed: readFeed(items[3], shared),
    seq: whole(items[4]), digest: low32(long(items[5])), summary: readSummaryNews(items[6]), whole: flag(items[7]),
    changes: list(items[8]).map(bytesOf),
  };
}

function readSummaryNews(items: unknown): SummaryNews {
  if (items == null) return null;
  const value = fromItems(items);
  if (!Array.isArray(value)) return { value };
  if (value.length !== 1) throw new TypeError('not a summary');
  return { patch: value[0] as unknown };
}

async function readDocument(value: unknown, clockMs: number): Promise<string> {
  if (value instanceof Uint8Array) return idFromBytes(value);
  const [device, madeAgo] = list(value);
  return visitId(id(device), clockMs - whole(madeAgo));
}

async function readRows(items: readonly unknown[], shared: Shared): Promise<Rows> {
  const documents = await readDocuments(items[3], shared.clock_ms);
  const seqs = running(items[4]);
  const digests = pieces(items[5], DIGEST_BYTES).map(readDigest);
  const summaries = readTable(items[6]);
  const seen = items[7] == null ? undefined : list(items[7]).map(readSeen);
  if ([seqs, digests, summaries, seen ?? documents].some((column) => column.length !== documents.length)) {
    throw new TypeError('columns of different lengths');
  }
  const rows = documents.map((document, at): Row => ({
    document, seq: whole(seqs[at]), digest: long(digests[at]), summary: summaries[at], ...(seen ? { seen: seen[at] ?? null } : {}),
  }));
  return { frame: 'rows', kind: readKind(items[1]), feed: readFeed(items[2], shared), rows };
}

function readSeen(value: unknown): SeenAt | null {
  if (value == null) return null;
  const [at, outcome] = list(value);
  return { at: whole(at), outcome: text(outcome) };
}

function readCompared(items: readonly unknown[], shared: Shared): Compared {
  const parts = bytesOf(items[3]);
  if (parts.length !== PARTS / 8) throw new TypeError('a bit for each part');
  return { frame: 'compared', feed: readFeed(items[1], shared), digest: low32(long(items[2])), parts: parts.slice() };
}

function readDigest(bytes: Uint8Array): bigint {
  return BigInt(firstBytes(toHex(bytes)));
}

export function readKind(value: unknown): string {
  if (typeof value === 'string') return value;
  const kind = KINDS[whole(value)];
  if (kind === undefined) throw new TypeError('an unknown number of a kind');
  return kind;
}

export function readFeed(value: unknown, { feeds }: Shared): string {
  if (value instanceof Uint8Array) return idFromBytes(value);
  const feed = feeds[whole(value)];
  if (feed === undefined) throw new TypeError('a feed that the hello does not name');
  return feed;
}
