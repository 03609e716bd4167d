// The order in which doors are shown and walked.

import type { DoorAddress } from '../../bridge/types.ts';
import { compareLabels } from '../../labels.ts';

type Place = Pick<DoorAddress, 'building' | 'unit' | 'floor' | 'label'>;

/** The walk: stairway by stairway, from the top floor down, as one walks after taking the lift up. */
export function compareOnWalk(a: Place, b: Place): number {
  return compareLabels(a.building, b.building) || compareLabels(a.unit, b.unit) || b.floor - a.floor
    || compareLabels(a.label, b.label);
}

/** Within one floor of the building face. */
export function compareOnFloor(a: Place, b: Place): number {
  return compareLabels(a.unit, b.unit) || compareLabels(a.label, b.label);
}
