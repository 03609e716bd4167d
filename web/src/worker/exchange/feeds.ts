// How a feed's state moves with what arrives: cursor, history mark, digest, repeated walk. Pure.

import type { FeedRow } from '../store/rows.ts';
import type { DocumentFrame, FeedFrame } from './frames.ts';

/** After a repeated walk that did not help, the next is not tried sooner. */
const WALK_REST_MS = 60 * 60 * 1000;

/** A stored document moves the cursor of its feed. One that was asked for by name (seq 0) moves nothing. */
export function moveByDocuments(row: FeedRow, frames: readonly DocumentFrame[]): FeedRow {
  const newest = frames.reduce((seq, frame) => (frame.feed === row.feed ? Math.max(seq, frame.seq) : seq), 0);
  if (newest === 0) return row;
  if (row.again) return newest > row.again.cursor ? { ...row, again: { cursor: newest } } : row;
  return newest > row.cursor ? { ...row, cursor: newest } : row;
}

/** What the feed's own frame means once everything before it is stored. */
export type FeedNext = 'more' | 'equal' | 'look_again' | 'walk_again' | 'walked';

export function moveByFeedFrame(row: FeedRow, frame: FeedFrame, nowMs: number): { row: FeedRow; next: FeedNext } {
  const { again, ...rest } = row;
  const history = row.history ?? frame.head;
  if (frame.more) {
    const moved = again ? { ...row, again: { cursor: Math.max(again.cursor, frame.cursor) } } : { ...row, cursor: Math.max(row.cursor, frame.cursor) };
    return { row: { ...moved, history }, next: 'more' };
  }
  const cursor = again ? frame.cursor : Math.max(row.cursor, frame.cursor);
  const ended = { ...rest, cursor, history, complete: cursor };
  if (again) return { row: { ...ended, suspect: false, rest_until: nowMs + WALK_REST_MS }, next: 'walked' };
  if (frame.digest === row.sum) return { row: { ...ended, suspect: false }, next: 'equal' };
  if ((row.rest_until ?? 0) > nowMs) return { row: ended, next: 'equal' };
  // Something may have been accepted between the walk and the digest; only twice in a row is a difference.
  if (!row.suspect) return { row: { ...ended, suspect: true }, next: 'look_again' };
  return {
    row: { ...ended, suspect: false, walk: row.walk + 1, again: { cursor: 0 } }, next: 'walk_again',
  };
}
