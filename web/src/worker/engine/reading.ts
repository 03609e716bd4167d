// Calls that read rows: no document is opened and no network is asked.

import type { BuildingFace, BuildingRow, DoorCard, DueRow, Lists, VisitRow } from '../../bridge/types.ts';
import { buildingFace, buildingRows } from '../views/building.ts';
import { doorCard } from '../views/door.ts';
import { dueRows } from '../views/due.ts';
import { listsOf } from '../views/lists.ts';
import { unsentByDoor, visitRows, type RowParts } from '../views/visits.ts';
import { communityOf, enrolled, namesOf, sendingOf, type Parts } from './parts.ts';

export async function lists(parts: Parts): Promise<Lists> {
  return listsOf(await communityOf(parts));
}

export async function buildings(parts: Parts): Promise<BuildingRow[]> {
  const faces = await parts.store.faces();
  return buildingRows(faces.values(), unsentByDoor(parts.store.outbox()), await communityOf(parts), parts.surroundings.now());
}

export async function building(parts: Parts, name: string): Promise<BuildingFace> {
  const faces = await parts.store.faces();
  return buildingFace(name, faces.values(), unsentByDoor(parts.store.outbox()), parts.surroundings.now());
}

export async function door(parts: Parts, id: string): Promise<DoorCard | null> {
  const [faces, [row, visits]] = await Promise.all([parts.store.faces(), parts.store.doorWithVisits(id)]);
  const face = faces.get(id);
  if (!face || row?.summary?.kind !== 'door') return null;
  return doorCard(face, row.summary, visitRows(visits, await rowParts(parts)), faces.values(), parts.surroundings.now());
}

export async function due(parts: Parts): Promise<DueRow[]> {
  return dueRows((await parts.store.faces()).values(), parts.surroundings.now());
}

export async function myVisits(parts: Parts, limit: number): Promise<VisitRow[]> {
  const { identity } = enrolled(parts);
  return visitRows(await parts.store.visitsBy(identity.person.id, limit), await rowParts(parts));
}

export async function rowParts(parts: Parts): Promise<RowParts> {
  const [faces, names] = await Promise.all([parts.store.faces(), namesOf(parts)]);
  return { faces, names, sending: sendingOf(parts) };
}
