// What one request holds: who asks, what was written here, what is asked for by name. Pure.

import type { FeedRow, OutboxRow } from '../store/rows.ts';
import { HISTORY_ALL, PROTOCOL_VERSION, type Frame, type HelloFeed } from './frames.ts';

/** Asked for by name in one request; the rest follows in the next. */
const WANTS_MAX = 200;

export interface Outgoing {
  feeds: readonly FeedRow[]; outbox: readonly OutboxRow[]; wants: readonly string[];
  people_version: number; clock_ms: number; app_version: string;
  /** How many bytes of changes to try: what cannot get through while there is signal is better not begun. */
  budget_bytes: number;
}
export interface Request { frames: Frame[]; sent: OutboxRow[]; wanted: string[]; changes_left: boolean }

export function composeRequest(outgoing: Outgoing): Request {
  const sent = chooseChanges(outgoing.outbox, outgoing.budget_bytes);
  const wanted = outgoing.wants.slice(0, WANTS_MAX);
  const frames: Frame[] = [
    {
      frame: 'hello', version: PROTOCOL_VERSION, clock_ms: outgoing.clock_ms, feeds: outgoing.feeds.map(helloFeed),
      people: outgoing.people_version, app: outgoing.app_version,
    },
    ...sent.map(({ document, kind, feed, bytes }): Frame => ({ frame: 'change', document, kind, feed, bytes })),
    ...wanted.map((document): Frame => ({ frame: 'want', document })),
  ];
  return { frames, sent, wanted, changes_left: sent.length < outgoing.outbox.length };
}

function helloFeed(row: FeedRow): HelloFeed {
  const { feed, sum: digest } = row;
  const complete = row.complete ?? 0;
  // A repeated walk compares rows; what it finds different is asked for by name.
  if (row.again) return { feed, cursor: row.again.cursor, digest, history: HISTORY_ALL, complete };
  // 0 says "where your feed stands now". A feed that was empty at the first answer is told by its first place.
  const history = row.history === null ? 0n : BigInt(Math.max(1, row.history));
  return { feed, cursor: row.cursor, digest, history, complete };
}

/**
 * Smallest first, a change after those of its document that came before it, until the budget is spent.
 * At least one always goes, or a large one would wait for ever.
 */
export function chooseChanges(outbox: readonly OutboxRow[], budgetBytes: number): OutboxRow[] {
  const queues = new Map<string, OutboxRow[]>();
  for (const row of [...outbox].sort((a, b) => a.order - b.order)) {
    queues.set(row.document, [...(queues.get(row.document) ?? []), row]);
  }
  const chosen: OutboxRow[] = [];
  let spent = 0;
  for (;;) {
    const next = [...queues.values()].flatMap((queue) => queue[0] ?? [])
      .reduce<OutboxRow | undefined>((best, row) => (best && !isBefore(row, best) ? best : row), undefined);
    if (!next || (chosen.length > 0 && spent + next.bytes.length > budgetBytes)) return chosen;
    chosen.push(next);
    spent += next.bytes.length;
    queues.get(next.document)?.shift();
  }
}

function isBefore(a: OutboxRow, b: OutboxRow): boolean {
  return a.bytes.length !== b.bytes.length ? a.bytes.length < b.bytes.length : a.order < b.order;
}
