// The face of a building as rows, columns and sentences. Pure.

import type { BuildingFace, DoorCell, Light } from '../../bridge/types.ts';
import { agoText } from '../../app/time.ts';
import type { Messages } from '../../app/i18n/index.ts';
import { isInCare } from '../care.ts';

export type Counts = Record<Light, number> & { doors: number; care: number; unsent: number };

/** How many doors of each light, with care words, and with something unsent. */
export function countsOf(face: BuildingFace): Counts {
  const counts: Counts = { lit: 0, due: 0, dark: 0, doors: 0, care: 0, unsent: 0 };
  for (const door of face.floors.flatMap((floor) => floor.doors)) {
    counts[door.light] += 1;
    counts.doors += 1;
    if (isInCare(door.tags)) counts.care += 1;
    if (door.unsent) counts.unsent += 1;
  }
  return counts;
}

/** Doors of one floor, unit by unit, in the building's order of units. */
export function doorsByUnit(doors: readonly DoorCell[], units: readonly string[]): DoorCell[][] {
  return units.map((unit) => doors.filter((door) => door.unit === unit));
}

/** The widest floor of each unit, so that the same unit is as wide on every floor. */
export function columnsOf(face: BuildingFace): number[] {
  return face.units.map((unit) => Math.max(
    1, ...face.floors.map((floor) => floor.doors.filter((door) => door.unit === unit).length),
  ));
}

/** What a window says aloud: number, light, last visit, care, unsent. */
export function windowSentence(
  door: DoorCell, now: number, messages: Messages, codeText: (list: 'outcomes' | 'tags', code: string) => string,
): string {
  const parts = [door.label, messages.lights[door.light]];
  if (door.last_visit_at !== undefined) {
    const outcome = door.last_outcome ? codeText('outcomes', door.last_outcome) : '';
    parts.push(messages.building.lastVisit(agoText(door.last_visit_at, now, messages), outcome));
  }
  parts.push(...door.tags.map((tag) => codeText('tags', tag)));
  if (door.unsent) parts.push(messages.building.unsent);
  return parts.join(messages.app.listSeparator);
}
