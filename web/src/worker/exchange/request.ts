// What one request holds: who asks, what was written here, what is asked for by name. Pure.

import type { FeedRow, OutboxRow } from '../store/rows.ts';
import { helloFeed } from './feeds.ts';
import type { CompareFrame, Frame, Version } from './frames.ts';

/** Asked for by name in one request; the rest follows in the next. */
const WANTS_MAX = 200;

export interface Outgoing {
  version: Version;
  feeds: readonly FeedRow[]; outbox: readonly OutboxRow[]; wants: readonly string[];
  /** What this phone holds of the feeds that are to be compared. */
  comparisons: readonly CompareFrame[];
  people_version: number; clock_ms: number; app_version: string;
  /** How many bytes of changes to try: what cannot get through while there is signal is better not begun. */
  budget_bytes: number;
}
export interface Request {
  version: Version; clock_ms: number; feeds: string[];
  frames: Frame[]; sent: OutboxRow[]; wanted: string[];
  /** Feeds that are compared; they are not walked. */
  compared: string[];
  changes_left: boolean;
}

export function composeRequest(outgoing: Outgoing): Request {
  const { version, clock_ms } = outgoing;
  const sent = chooseChanges(outgoing.outbox, outgoing.budget_bytes);
  const wanted = outgoing.wants.slice(0, WANTS_MAX);
  // Sums made before a change is taken in would differ because of it.
  const comparisons = sent.length === 0 ? outgoing.comparisons : [];
  const frames: Frame[] = [
    {
      frame: 'hello', version, clock_ms, feeds: outgoing.feeds.map((row) => helloFeed(row, version)),
      people: outgoing.people_version, app: outgoing.app_version,
    },
    ...comparisons,
    ...sent.map(({ document, kind, feed, bytes }): Frame => ({ frame: 'change', document, kind, feed, bytes })),
    ...wanted.map((document): Frame => ({ frame: 'want', document })),
  ];
  return {
    version, clock_ms, feeds: outgoing.feeds.map((row) => row.feed), frames, sent, wanted,
    compared: comparisons.map((it) => it.feed), changes_left: sent.length < outgoing.outbox.length,
  };
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
