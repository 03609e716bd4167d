// The card of one door: household, plan, visits, and the doors before and after it on the walk. Pure.

import type { DoorCard, Resident, VisitRow } from '../../bridge/types.ts';
import type { FaceRow } from '../store/rows.ts';
import type { DoorSummary, ResidentSummary } from '../summary.ts';
import { addressOf } from './building.ts';
import { dueAt, lightOf } from './light.ts';
import { compareOnWalk } from './order.ts';

export function doorCard(face: FaceRow, door: DoorSummary, visits: VisitRow[], faces: Iterable<FaceRow>, nowMs: number): DoorCard {
  const [previous, next] = neighbours(face, faces);
  return {
    door: addressOf(face), tags: face.tags, persons: (door.persons ?? []).map(residentOf), remarks: door.remarks,
    plan: door.plan, light: lightOf(face, nowMs), due_at: dueAt(face), last_visit_at: face.last_visit_at, visits,
    previous: previous && addressOf(previous), next: next && addressOf(next),
  };
}

function residentOf(person: ResidentSummary): Resident {
  return {
    id: person.id, name: person.name ?? '', relation: person.relation, birth_year: person.birth_year,
    tags: person.tags ?? [], sealed: person.sealed ?? [],
  };
}

/** The walk stays inside the building. */
function neighbours(face: FaceRow, faces: Iterable<FaceRow>): [FaceRow | undefined, FaceRow | undefined] {
  let previous: FaceRow | undefined;
  let next: FaceRow | undefined;
  for (const other of faces) {
    if (other.building !== face.building || other.id === face.id) continue;
    if (compareOnWalk(other, face) < 0) {
      if (!previous || compareOnWalk(other, previous) > 0) previous = other;
    } else if (!next || compareOnWalk(other, next) < 0) next = other;
  }
  return [previous, next];
}
