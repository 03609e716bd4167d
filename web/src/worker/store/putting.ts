// Writing document rows together with everything that is derived from them: the sums of their feeds and the faces of doors.
// Every transaction that changes a document row goes through here, so that the derived rows can never lag behind.

import type { DoorSummary, VisitSummary } from '../summary.ts';
import { countsAsSeen, isPlausible } from '../views/light.ts';
import type { Writing } from './database.ts';
import type { DocumentRow, FaceRow } from './rows.ts';

/** The stores a transaction must hold for `putRows` and `removeRows`. */
export const PUTTING = ['documents', 'faces', 'feeds'] as const;

export interface RowChange { before: DocumentRow | undefined; after: DocumentRow }
/** The faces that came out changed; null for a door that is gone. */
export type FaceChanges = Map<string, FaceRow | null>;

export async function putRows(transaction: Writing, changes: readonly RowChange[], nowMs: number): Promise<FaceChanges> {
  const documents = transaction.objectStore('documents');
  await Promise.all(changes.map((change) => documents.put(change.after)));
  const shares = changes.flatMap(({ before, after }) => [
    ...(before ? [{ feed: before.feed, digest: -before.digest }] : []),
    { feed: after.feed, digest: after.digest },
  ]);
  await addToSums(transaction, shares);
  const rows = changes.flatMap(({ before, after }) => (before ? [before, after] : [after]));
  return refreshFaces(transaction, rows, nowMs);
}

/** Forgets these documents with their bytes. */
export async function removeRows(transaction: Writing, rows: readonly DocumentRow[], nowMs: number): Promise<FaceChanges> {
  const documents = transaction.objectStore('documents');
  const chunks = transaction.objectStore('chunks');
  await Promise.all(rows.flatMap((row) => [documents.delete(row.id), chunks.delete(row.id)]));
  await addToSums(transaction, rows.map((row) => ({ feed: row.feed, digest: -row.digest })));
  return refreshFaces(transaction, rows, nowMs);
}

async function addToSums(transaction: Writing, shares: readonly { feed: string; digest: bigint }[]): Promise<void> {
  const byFeed = new Map<string, bigint>();
  for (const { feed, digest } of shares) byFeed.set(feed, (byFeed.get(feed) ?? 0n) + digest);
  const feeds = transaction.objectStore('feeds');
  for (const [id, digest] of byFeed) {
    if (digest === 0n) continue;
    const feed = await feeds.get(id);
    if (feed) await feeds.put({ ...feed, sum: BigInt.asUintN(64, feed.sum + digest) });
  }
}

async function refreshFaces(transaction: Writing, rows: readonly DocumentRow[], nowMs: number): Promise<FaceChanges> {
  const doors = new Set<string>();
  for (const row of rows) {
    if (row.kind === 'door') doors.add(row.id);
    if (row.summary?.kind === 'visit' && row.summary.door) doors.add(row.summary.door);
  }
  return makeFaces(transaction, doors, nowMs);
}

/** A face that was made by another clock: what it counts lies in the future, or what it left out does not. */
export function isOfAnotherClock(face: FaceRow, nowMs: number): boolean {
  const counted = face.last_visit_at !== undefined && !isPlausible(face.last_visit_at, nowMs);
  return counted || (face.ahead_at !== undefined && isPlausible(face.ahead_at, nowMs));
}

/** The faces of these doors made anew. */
export async function makeFaces(transaction: Writing, doors: Iterable<string>, nowMs: number): Promise<FaceChanges> {
  const faces = transaction.objectStore('faces');
  const changed: FaceChanges = new Map();
  await Promise.all([...doors].map(async (door) => {
    const [row, visits] = await Promise.all([
      transaction.objectStore('documents').get(door),
      transaction.objectStore('documents').index('door').getAll(door),
    ]);
    if (row?.summary?.kind !== 'door') {
      if (row) return;
      await faces.delete(door);
      changed.set(door, null);
      return;
    }
    const face = faceOf(row, row.summary, visits, nowMs);
    await faces.put(face);
    changed.set(door, face);
  }));
  return changed;
}

/** The face of a door from its summary and its visits. */
function faceOf(row: DocumentRow, door: DoorSummary, visits: readonly DocumentRow[], nowMs: number): FaceRow {
  const face: FaceRow = {
    id: row.id, feed: row.feed, building: door.building ?? '', unit: door.unit ?? '', floor: door.floor ?? 0,
    label: door.label ?? '', tags: door.tags ?? [],
    persons: (door.persons ?? []).flatMap((person) => person.name ?? []),
  };
  if (door.plan?.interval_days !== undefined) face.interval_days = door.plan.interval_days;
  if (door.plan?.purpose !== undefined) face.purpose = door.plan.purpose;
  const known = visits.flatMap(({ summary }) => (summary?.kind === 'visit' ? [summary] : []));
  // The very visit that came with the door's row may have been edited since; its own row knows better.
  if (row.seen && !known.some((visit) => visit.at === row.seen?.at)) lookBack(face, row.seen, nowMs);
  for (const visit of known) lookBack(face, visit, nowMs);
  return face;
}

function lookBack(face: FaceRow, visit: Pick<VisitSummary, 'at' | 'outcome'>, nowMs: number): void {
  if (visit.at === undefined) return;
  if (!isPlausible(visit.at, nowMs)) {
    face.ahead_at = Math.min(face.ahead_at ?? Infinity, visit.at);
    return;
  }
  if (visit.at > (face.last_visit_at ?? -Infinity)) {
    face.last_visit_at = visit.at;
    face.last_outcome = visit.outcome;
  }
  if (countsAsSeen(visit.outcome) && visit.at > (face.last_seen_at ?? -Infinity)) face.last_seen_at = visit.at;
}
