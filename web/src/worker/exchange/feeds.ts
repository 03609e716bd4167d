// How a feed's state moves with what arrives: history, cursor, digest, repair. Pure.

import type { FeedRow } from '../store/rows.ts';
import { low32 } from './digest.ts';
import type { FeedFrame, HelloFeed, Past, Version } from './frames.ts';
import { HISTORY_ALL } from './frames.ts';

/** After a repair, the next is not tried sooner. */
const REPAIR_REST_MS = 60 * 60 * 1000;

/** What the hello says of a feed. */
export function helloFeed(row: FeedRow, version: Version): HelloFeed {
  const { feed, sum: digest } = row;
  const complete = row.complete ?? 0;
  // A repeated walk compares rows; what it finds different is asked for by name.
  if (version === 1 && row.again) return { feed, cursor: row.again.cursor, digest, history: HISTORY_ALL, complete };
  // 0 says "where your feed stands now". A feed that was empty at the first answer is told by its first place.
  const history = row.history === null ? 0n : BigInt(Math.max(1, row.history));
  if (version === 1) return { feed, cursor: row.cursor, digest, history, complete };
  // What an interrupted first walk of version 1 brought comes once more: rows alone, and nothing is lost.
  if (row.history === null) return { feed, cursor: 0, digest, history, complete: 0, past: [0, 0] };
  return { feed, cursor: row.cursor, digest, history, complete, past: pastOf(row) };
}

/** Where the list of the history stands; null once the cursor has reached the end of it. */
function pastOf(row: FeedRow): Past | null {
  if (row.cursor >= Math.max(1, row.history ?? 0)) return null;
  return row.past ?? [0, 0];
}

/** The history that is listed from here on ends at this place. */
export function moveByStart(row: FeedRow, history: number): FeedRow {
  return row.history === null ? { ...row, history: Math.max(1, history), cursor: 0 } : row;
}

/** What was stored, and where it stands in its feed. */
export interface Place { feed: string; kind: string; seq: number }

/** Stored documents move the cursor of their feed. One that was asked for by name (seq 0) moves nothing. */
export function moveByWalk(row: FeedRow, stored: readonly Place[]): FeedRow {
  const newest = stored.reduce((seq, it) => (it.feed === row.feed ? Math.max(seq, it.seq) : seq), 0);
  if (newest === 0) return row;
  if (row.again) return newest > row.again.cursor ? { ...row, again: { cursor: newest } } : row;
  return newest > row.cursor ? { ...row, cursor: newest } : row;
}

/** In version 2 what lies in the history moves the place in its list, and the rest the cursor. */
export function moveByNewest(row: FeedRow, stored: readonly Place[]): FeedRow {
  let { cursor, past } = row;
  const history = row.history ?? 0;
  for (const { feed, kind, seq } of stored) {
    if (feed !== row.feed || seq === 0) continue;
    if (seq > history) cursor = Math.max(cursor, seq);
    else if (row.cursor < history) past = [rankOf(kind), seq];
  }
  return cursor === row.cursor && past === row.past ? row : { ...row, cursor, past };
}

/** Doors come first, so that the building face is there before the past is. */
export function rankOf(kind: string): number {
  return kind === 'community' || kind === 'door' ? 0 : 1;
}

/** What the feed's own frame means once everything before it is stored. */
export type FeedNext = 'more' | 'equal' | 'look_again' | 'repair' | 'walked';

export interface Judging {
  version: Version; now_ms: number;
  /** False while a change waits that the server may have without our knowing: the digests say nothing then. */
  judged: boolean;
}

/** An office that stands before our cursor was restored from a copy: its feed goes on from where it stands now. */
export function isRestored(row: FeedRow, frame: FeedFrame): boolean {
  return !frame.more && frame.head < row.cursor;
}

/** What comes behind the head of a restored office is no history, however far that went before. */
function historyAfter(row: FeedRow, frame: FeedFrame): number {
  const known = row.history ?? frame.head;
  return isRestored(row, frame) ? Math.max(1, Math.min(known, frame.head)) : known;
}

export function moveByFeedFrame(row: FeedRow, frame: FeedFrame, judging: Judging): { row: FeedRow; next: FeedNext } {
  const again = judging.version === 1 ? row.again : undefined;
  const history = historyAfter(row, frame);
  if (frame.more) {
    const moved = again ? { ...row, again: { cursor: Math.max(again.cursor, frame.cursor) } } : { ...row, cursor: Math.max(row.cursor, frame.cursor) };
    return { row: { ...moved, history }, next: 'more' };
  }
  const cursor = again ? frame.cursor : isRestored(row, frame) ? frame.head : Math.max(row.cursor, frame.cursor);
  const { again: _again, compare: _compare, past, ...rest } = row;
  const ended: FeedRow = { ...rest, cursor, history, complete: cursor };
  if (past && cursor < history) ended.past = past;
  if (again) return { row: { ...ended, suspect: false, rest_until: judging.now_ms + REPAIR_REST_MS }, next: 'walked' };
  return judge(row, ended, frame, judging);
}

function judge(before: FeedRow, ended: FeedRow, frame: FeedFrame, { version, now_ms, judged }: Judging): { row: FeedRow; next: FeedNext } {
  if (!judged) return { row: before.compare ? { ...ended, compare: true } : ended, next: 'equal' };
  if (low32(frame.digest) === low32(ended.sum)) return { row: { ...ended, suspect: false }, next: 'equal' };
  if (isResting(ended, now_ms)) return { row: ended, next: 'equal' };
  if (version === 2 && before.compare) return { row: { ...ended, compare: true }, next: 'repair' };
  // Something may have been accepted between the walk and the digest; only twice in a row is a difference.
  if (!ended.suspect) return { row: { ...ended, suspect: true }, next: 'look_again' };
  const repairing: FeedRow = { ...ended, suspect: false, walk: ended.walk + 1 };
  return { row: version === 1 ? { ...repairing, again: { cursor: 0 } } : { ...repairing, compare: true }, next: 'repair' };
}

/** A rest that is longer than any was set by a clock that was wrong. */
function isResting({ rest_until = 0 }: FeedRow, nowMs: number): boolean {
  return rest_until > nowMs && rest_until <= nowMs + REPAIR_REST_MS;
}

/** The feed has been compared, or the server said nothing of it. */
export function moveByComparison(row: FeedRow, nowMs: number): FeedRow {
  const { compare: _compare, ...rest } = row;
  return { ...rest, suspect: false, rest_until: nowMs + REPAIR_REST_MS };
}

/** Something is offered again: the repair is over only when the office has heard of it. */
export function moveByOffer(row: FeedRow): FeedRow {
  const { rest_until: _rest, ...moved } = row;
  return moved;
}
