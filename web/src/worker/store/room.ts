// What the phone may let go of to make room, because as far as is known the office has it and gives it again. Nothing unsent is looked at.

import type { StoreName, Writing } from './database.ts';
import type { DocumentRow } from './rows.ts';

export const FORGETTABLE: StoreName[] = ['saves', 'settled'];
export const RELEASABLE: StoreName[] = ['documents', 'chunks'];

/** A visit that is younger may be opened again in the stairwell, where it could not be fetched. */
const RELEASED_AFTER_MS = 30 * 24 * 60 * 60 * 1000;

/** What must stay whole besides. */
export interface Needed {
  /** Documents with changes that are not accepted yet, or that somebody is writing on. */
  own: ReadonlySet<string>;
  /** Doors somebody will knock at today. */
  doors: ReadonlySet<string>;
  now_ms: number;
}

/** Only past visits, settled on both sides, that nobody waits for. Doors and code lists always stay. */
export function isReleasable(row: DocumentRow, needed: Needed): boolean {
  const { summary } = row;
  if (!row.whole || row.stale || row.seq === 0 || summary?.kind !== 'visit') return false;
  if (needed.own.has(row.id) || (summary.door !== undefined && needed.doors.has(summary.door))) return false;
  // A visit that somebody asked to add to, or that holds two values, is still being worked on.
  if (summary.review?.state === 'asked_back' || (summary.conflicts ?? []).length > 0) return false;
  return (summary.at ?? Infinity) < needed.now_ms - RELEASED_AFTER_MS;
}

/** Leaves the row and lets go of the bytes. No derived row depends on either. Answers how many. */
export async function release(transaction: Writing, isChosen: (row: DocumentRow) => boolean): Promise<number> {
  let count = 0;
  for await (const cursor of transaction.objectStore('documents').index('kind').iterate('visit')) {
    if (!isChosen(cursor.value)) continue;
    await cursor.update({ ...cursor.value, whole: false });
    await transaction.objectStore('chunks').delete(cursor.value.id);
    count += 1;
  }
  return count;
}

/** Forgets saves and accepted changes from before these times. Answers how many. */
export async function forgetBefore(transaction: Writing, savesMs: number, acceptedMs: number): Promise<number> {
  let count = 0;
  for await (const cursor of transaction.objectStore('saves')) {
    if (cursor.value.at >= savesMs) continue;
    await cursor.delete();
    count += 1;
  }
  for await (const cursor of transaction.objectStore('settled').index('status').iterate('accepted')) {
    if (cursor.value.at >= acceptedMs) continue;
    await cursor.delete();
    count += 1;
  }
  return count;
}
