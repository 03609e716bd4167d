// What is to be done: doors that are due, never seen, or due soon. Pure.

import type { DueRow } from '../../bridge/types.ts';
import type { FaceRow } from '../store/rows.ts';
import { addressOf } from './building.ts';
import { daysLeft, dueAt, needsCare } from './light.ts';
import { compareOnWalk } from './order.ts';

/** Doors due within this time are shown as coming. */
const AHEAD_DAYS = 14;

/**
 * First households that need care and are due or were never seen, then others that are due, then those never seen,
 * then what comes within two weeks; in each group the longest due first, then in the order of the walk.
 */
export function dueRows(faces: Iterable<FaceRow>, nowMs: number): DueRow[] {
  const rows: { group: number; row: DueRow }[] = [];
  for (const face of faces) {
    const due = dueAt(face);
    const left = due === undefined ? undefined : daysLeft(due, nowMs);
    if (left !== undefined && left > AHEAD_DAYS) continue;
    rows.push({
      group: groupOf(face, due === undefined ? undefined : due <= nowMs),
      row: {
        door: addressOf(face), persons: face.persons, tags: face.tags, purpose: face.purpose,
        due_at: due, days_left: left, last_visit_at: face.last_visit_at,
      },
    });
  }
  rows.sort((a, b) => a.group - b.group || compareDates(a.row.due_at, b.row.due_at) || compareOnWalk(a.row.door, b.row.door));
  return rows.map((it) => it.row);
}

/** `isDue` is undefined for a door that was never seen. */
function groupOf(face: FaceRow, isDue: boolean | undefined): number {
  if (isDue === false) return 3;
  if (needsCare(face)) return 0;
  return isDue ? 1 : 2;
}

function compareDates(a: number | undefined, b: number | undefined): number {
  return (a ?? -Infinity) === (b ?? -Infinity) ? 0 : (a ?? -Infinity) - (b ?? -Infinity);
}
