// What is said of rescue files. Pure.

import type { Parcel, RescuedLine, Status } from '../../bridge/types.ts';
import type { Messages } from '../../app/i18n/index.ts';

/** Failing for longer than this is worth a file. */
const OVERDUE_MS = 24 * 60 * 60 * 1000;

/** Something has waited for more than a day. */
export function isOverdue(status: Pick<Status, 'waiting' | 'oldest_waiting_at'> | undefined, now: number): boolean {
  return status !== undefined && status.waiting > 0 && now - (status.oldest_waiting_at ?? now) > OVERDUE_MS;
}

/** What became of a change, as one word. */
export function lineState(line: RescuedLine): 'accepted' | 'before' | 'held' | 'refused' {
  return line.status === 'accepted' && line.was_here ? 'before' : line.status;
}

/** What became of a file, in a few words. */
export function parcelSummary(parcel: Parcel, messages: Messages): string {
  const words = messages.rescue;
  if (parcel.state !== 'taken') return words.holdsLines(parcel.items.length);
  const count = (state: ReturnType<typeof lineState>): number => parcel.lines.filter((line) => lineState(line) === state).length;
  return words.summary(count('accepted'), count('before'), count('held'));
}
