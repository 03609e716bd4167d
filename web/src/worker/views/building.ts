// The street of buildings and the face of one: floors from the top down, doors as windows. Pure.

import type { BuildingFace, BuildingRow, DoorAddress, DoorCell } from '../../bridge/types.ts';
import type { FaceRow } from '../store/rows.ts';
import type { CommunitySummary } from '../summary.ts';
import { lightOf } from './light.ts';
import { compareLabels } from '../../labels.ts';
import { compareOnFloor } from './order.ts';

/** Unsent changes by door. */
export type Unsent = ReadonlyMap<string, number>;

export function buildingRows(faces: Iterable<FaceRow>, unsent: Unsent, community: CommunitySummary | null, nowMs: number): BuildingRow[] {
  const rows: BuildingRow[] = [];
  for (const [building, doors] of groupBy(faces, (face) => face.building)) {
    const known = community?.buildings?.[building];
    const row: BuildingRow = {
      building, doors: doors.length, lit: 0, due: 0, dark: 0, unsent: 0,
      units: known?.units ?? new Set(doors.map((door) => door.unit)).size,
      floors: known?.floors ?? Math.max(0, ...doors.map((door) => door.floor)),
    };
    for (const door of doors) {
      row[lightOf(door, nowMs)] += 1;
      row.unsent += unsent.get(door.id) ?? 0;
    }
    rows.push(row);
  }
  return rows.sort((a, b) => compareLabels(a.building, b.building));
}

export function buildingFace(building: string, faces: Iterable<FaceRow>, unsent: Unsent, nowMs: number): BuildingFace {
  const doors = [...faces].filter((face) => face.building === building);
  const units = [...new Set(doors.map((door) => door.unit))].sort(compareLabels);
  const floors = [...groupBy(doors, (door) => door.floor)]
    .sort(([a], [b]) => b - a)
    .map(([floor, row]) => ({ floor, doors: row.sort(compareOnFloor).map((door) => cellOf(door, unsent, nowMs)) }));
  return { building, units, floors };
}

export function addressOf(face: FaceRow): DoorAddress {
  return { id: face.id, building: face.building, unit: face.unit, floor: face.floor, label: face.label };
}

function cellOf(door: FaceRow, unsent: Unsent, nowMs: number): DoorCell {
  return {
    id: door.id, unit: door.unit, floor: door.floor, label: door.label, light: lightOf(door, nowMs),
    last_visit_at: door.last_visit_at, last_outcome: door.last_outcome, tags: door.tags,
    unsent: (unsent.get(door.id) ?? 0) > 0,
  };
}

function groupBy<T, K>(rows: Iterable<T>, key: (row: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group) group.push(row);
    else groups.set(key(row), [row]);
  }
  return groups;
}
