// How the small office walks and compares a feed in version 2: rows of the history, news of what came after, comparisons.

import { isDeepStrictEqual } from 'node:util';
import type { Bytes } from '../bytes.ts';
import { genesisOf } from '../documents/genesis.ts';
import { low32 } from '../exchange/digest.ts';
import { doorNames } from '../exchange/door-names.ts';
import { rankOf } from '../exchange/feeds.ts';
import { PARTS, type CompareFrame, type FeedFrame, type Frame, type HelloFeed, type News, type Past, type Row, type Rows, type SummaryNews } from '../exchange/frames.ts';
import { writeLean, type DoorNames } from '../exchange/lean.ts';
import { partOf } from '../exchange/repair.ts';
import type { VisitSummary } from '../summary.ts';
import { newest, type Account, type Held, type Kept } from './held.ts';
import type { Office } from './office.ts';
import { COMMUNITY } from './phone.ts';

export async function walkTwo(office: Office, account: Account, feed: HelloFeed): Promise<Frame[]> {
  const head = office.head(feed.feed);
  const history = feed.history === 0n ? Math.max(1, head) : Number(feed.history);
  const frames: Frame[] = feed.history === 0n ? [{ frame: 'start', feed: feed.feed, history: head }] : [];
  let { cursor } = feed;
  let room = office.pageDocuments;
  if (feed.past) {
    const listed = listedBehind(office.ofFeed(feed.feed), history, feed.past);
    frames.push(...await rowsOf(office, feed.feed, listed.slice(0, room)));
    if (listed.length > room) return [...frames, await feedFrame(office, feed.feed, cursor, true)];
    room -= listed.length;
    cursor = Math.max(cursor, Math.min(history, head));
  }
  const entries = office.ofFeed(feed.feed).filter((held) => newest(held) > cursor).sort((a, b) => newest(a) - newest(b));
  for (const held of entries.slice(0, room)) {
    const news = await newsOf(office, account, held, office.foreign(held, account, feed.complete), feed.complete);
    if (news) frames.push(news);
    cursor = newest(held);
  }
  const more = entries.length > room;
  return [...frames, await feedFrame(office, feed.feed, more ? cursor : Math.max(head, cursor), more)];
}

export async function compareTwo(office: Office, account: Account, feed: HelloFeed, { digests }: CompareFrame): Promise<Frame[]> {
  const all = office.ofFeed(feed.feed);
  const sums = Array.from({ length: PARTS }, () => 0);
  for (const held of all) sums[partOf(held.document)] = ((sums[partOf(held.document)] ?? 0) + Number(await digestOf(office, held))) % 2 ** 32;
  const parts = new Uint8Array(PARTS / 8);
  sums.forEach((sum, part) => {
    if (sum !== digests[part]) parts[part >> 3] = (parts[part >> 3] ?? 0) | (1 << (part & 7));
  });
  const differing = all.filter((held) => ((parts[partOf(held.document) >> 3] ?? 0) >> (partOf(held.document) & 7)) & 1);
  const frames: Frame[] = [];
  for (const held of differing) {
    if (newest(held) <= Number(feed.history)) frames.push(...await rowsOf(office, feed.feed, [held]));
    else {
      const changes = held.changes.filter((change) => change.hash !== office.leftOut);
      frames.push(...[await newsOf(office, account, held, changes, 0)].flatMap((news) => news ?? []));
    }
  }
  return [...frames, { frame: 'compared', feed: feed.feed, digest: low32(await office.digest(feed.feed)), parts }];
}

async function feedFrame(office: Office, feed: string, cursor: number, more: boolean): Promise<FeedFrame> {
  return { frame: 'feed', feed, cursor, digest: low32(await office.digest(feed)), more, head: office.head(feed) };
}

/** What is left of the history: doors first, oldest first; then the past, newest first. */
function listedBehind(all: readonly Held[], history: number, past: Past): Held[] {
  const order = (rank: number, seq: number): number => (rank === 0 ? seq : 2 ** 40 + (seq === 0 ? 0 : 2 ** 40 - seq));
  const place = (held: Held): number => order(rankOf(held.kind), newest(held));
  return all.filter((held) => newest(held) <= history && place(held) > order(...past)).sort((a, b) => place(a) - place(b));
}

async function rowsOf(office: Office, feed: string, listed: readonly Held[]): Promise<Rows[]> {
  const frames: Rows[] = [];
  for (const held of listed) {
    const last = frames.at(-1);
    const row: Row = {
      document: held.document, seq: newest(held), digest: await digestOf(office, held), summary: office.summary(held.changes, held.kind) ?? undefined,
      ...(held.kind === 'door' ? { seen: newestVisit(office, held.document) } : {}),
    };
    if (last?.kind === held.kind && last.rows.length < office.rowsAtOnce) last.rows.push(row);
    else frames.push({ frame: 'rows', kind: held.kind, feed, rows: [row] });
  }
  return frames;
}

function newestVisit(office: Office, door: string): Row['seen'] {
  const visits = [...office.documents.values()].flatMap((held) => {
    const summary = held.kind === 'visit' ? (office.summary(held.changes, held.kind) as VisitSummary) : undefined;
    return summary?.door === door && summary.at !== undefined ? [{ at: summary.at, outcome: summary.outcome ?? '' }] : [];
  });
  return visits.sort((a, b) => b.at - a.at)[0] ?? null;
}

async function newsOf(office: Office, account: Account, held: Held, told: readonly Kept[], complete: number): Promise<News | undefined> {
  if (told.length === 0) return undefined;
  const before = held.changes.filter((change) => change.seq <= complete);
  const readerHas = new Set(before.map((change) => change.hash));
  const door = await doorOf(office, held);
  const changes: Bytes[] = [];
  let previous: string | undefined;
  for (const change of told) {
    const lean = await writeLean(change.bytes, {
      device: account.device, community: COMMUNITY, genesis: genesisOf(held.kind)?.hash, previous, door,
      isHead: (hash) => readerHas.has(hash),
    });
    if (lean) changes.push(lean);
    previous = change.hash;
  }
  return {
    frame: 'news', document: held.document, kind: held.kind, feed: held.feed, seq: newest(held), digest: await digestOf(office, held),
    summary: summaryNews(office, held, before), whole: told.length === held.changes.length, changes,
  };
}

function summaryNews(office: Office, held: Held, before: readonly Kept[]): SummaryNews {
  const now = office.summary(held.changes, held.kind);
  const then = before.length > 0 ? office.summary(before, held.kind) : null;
  if (!now || isDeepStrictEqual(now, then)) return null;
  return then ? { patch: patchBetween(then, now) } : { value: now };
}

function patchBetween(before: unknown, after: unknown): unknown {
  if (!isMap(before) || !isMap(after)) return after;
  const patch: Record<string, unknown> = {};
  for (const key of Object.keys(before)) if (!(key in after)) patch[key] = null;
  for (const [key, value] of Object.entries(after)) {
    if (!isDeepStrictEqual(value, before[key])) patch[key] = patchBetween(before[key], value);
  }
  return patch;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function doorOf(office: Office, held: Held): Promise<DoorNames | undefined> {
  const summary = office.summary(held.changes, held.kind) as VisitSummary | null;
  const door = summary?.kind === 'visit' ? office.documents.get(summary.door ?? '') : undefined;
  if (!door) return undefined;
  const row = { id: door.document, summary: office.summary(door.changes, door.kind) };
  return doorNames(COMMUNITY, row);
}

async function digestOf(office: Office, held: Held): Promise<bigint> {
  return low32(await office.digestOf(held));
}
