// From the desk's list of doors to the windows of each building. Pure; the time is an argument.
// The same rule and the same faces as on the phone, so that a window is lit at the desk when it is lit at the door.

import type { BuildingFace, BuildingRow, TimeMs } from '../../bridge/types.ts';
import { buildingFace, buildingRows } from '../../worker/views/building.ts';
import { countsAsSeen } from '../../worker/views/light.ts';
import type { DoorAnswer } from './answers.ts';

export interface Block {
  row: BuildingRow;
  face: BuildingFace;
}

/** Nothing waits to be sent at the desk. */
const NOTHING_UNSENT = new Map<string, number>();

/** Every building with its windows, in the order of their names. */
export function blocksOf(doors: readonly DoorAnswer[], now: TimeMs): Block[] {
  const faces = doors.map((door) => ({
    id: door.id,
    feed: door.feed,
    building: door.summary.building,
    unit: door.summary.unit,
    floor: door.summary.floor ?? 0,
    label: door.summary.label,
    tags: door.summary.tags ?? [],
    persons: [],
    ...door.summary.plan,
    ...lastSeen(door),
  }));
  return buildingRows(faces, NOTHING_UNSENT, null, now)
    .map((row) => ({ row, face: buildingFace(row.building, faces, NOTHING_UNSENT, now) }));
}

/**
 * The list tells the last visit only. When nobody was met at it, though somebody was before, the door was seen
 * longer ago than the list can say: it counts as due.
 */
function lastSeen(door: DoorAnswer): { last_seen_at?: TimeMs } {
  const last = door.last_visit;
  if (last?.at !== undefined && countsAsSeen(last.outcome)) return { last_seen_at: last.at };
  return door.seen === 'visited' ? { last_seen_at: 0 } : {};
}
