// The doors to go to, in groups. By date: the most overdue first. By place: building by building, in walking order.
// Groups are of doors; nothing here counts what a person did.

import type { DueRow, VisitRow } from '../../bridge/types.ts';
import { compareLabels } from '../../labels.ts';
import { isInCare } from '../care.ts';

export type Order = 'time' | 'place';
export type TimeGroup = 'over' | 'soon' | 'later' | 'never';
/** `name` is a `TimeGroup` or a building. */
export interface Group { name: string; rows: DueRow[] }

/** Within seven days counts as soon. */
const SOON_DAYS = 7;
const TIME_GROUPS: readonly TimeGroup[] = ['over', 'soon', 'later', 'never'];

function timeGroupOf(row: DueRow): TimeGroup {
  if (row.days_left === undefined) return 'never';
  if (row.days_left < 0) return 'over';
  return row.days_left <= SOON_DAYS ? 'soon' : 'later';
}

/** From the top floor down, within one unit, as one walks. */
function byWalk(one: DueRow, other: DueRow): number {
  return compareLabels(one.door.building, other.door.building) || compareLabels(one.door.unit, other.door.unit)
    || other.door.floor - one.door.floor || compareLabels(one.door.label, other.door.label);
}

function byTime(one: DueRow, other: DueRow): number {
  return (one.days_left ?? 0) - (other.days_left ?? 0) || byWalk(one, other);
}

/** Groups that have rows, each in its order. Care comes first among those never visited. */
export function groupsOf(rows: readonly DueRow[], order: Order): Group[] {
  if (order === 'place') {
    const buildings = [...new Set(rows.map((row) => row.door.building))].sort(compareLabels);
    return buildings.map((name) => ({ name, rows: rows.filter((row) => row.door.building === name).sort(byWalk) }));
  }
  const groups = TIME_GROUPS.map((name) => {
    const own = rows.filter((row) => timeGroupOf(row) === name).sort(byTime);
    return { name, rows: name === 'never' ? careFirst(own) : own };
  });
  return groups.filter((group) => group.rows.length > 0);
}

/** Visits a supervisor gave back for more words, newest first, until the supervisor takes them. */
export function askedBackOf(visits: readonly VisitRow[]): VisitRow[] {
  return visits.filter((visit) => visit.review?.state === 'asked_back').sort((one, other) => other.at - one.at);
}

function careFirst(rows: readonly DueRow[]): DueRow[] {
  return [...rows.filter((row) => isInCare(row.tags)), ...rows.filter((row) => !isInCare(row.tags))];
}
