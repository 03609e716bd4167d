// A visit as a row, with its mark: where it is on its way to the supervisor. Pure.

import type { DoorAddress, Mark, TrayItem, VisitRow } from '../../bridge/types.ts';
import type { DocumentRow, FaceRow, OutboxRow, SettledRow } from '../store/rows.ts';
import type { VisitSummary } from '../summary.ts';
import { addressOf } from './building.ts';
import type { Names } from './names.ts';

/** What marks are read from: nothing here is a flag that someone must remember to clear. */
export interface Sending {
  outbox: readonly OutboxRow[]; held: readonly SettledRow[]; sending: ReadonlySet<string>;
}

export function markOf(document: string, review: VisitSummary['review'], sending: Sending): { mark: Mark; reason?: string } {
  const own = sending.outbox.filter((row) => row.document === document);
  const refused = own.find((row) => row.state === 'refused');
  if (refused) return withReason('refused', refused.reason);
  const held = sending.held.find((row) => row.document === document);
  if (held) return withReason('held', held.reason);
  if (own.length > 0) return { mark: own.some((row) => sending.sending.has(row.hash)) ? 'sending' : 'on_phone' };
  return { mark: review?.state === undefined ? 'on_server' : 'seen' };
}

export interface RowParts { faces: ReadonlyMap<string, FaceRow>; names: Names; sending: Sending }

/** Undefined for a document that is no visit. */
export function visitRow(row: DocumentRow, parts: RowParts): VisitRow | undefined {
  const { summary } = row;
  if (summary?.kind !== 'visit') return undefined;
  const { mark, reason } = markOf(row.id, summary.review, parts.sending);
  const visit: VisitRow = {
    id: row.id, door: doorAddress(summary.door ?? '', parts.faces), at: summary.at ?? 0, by: summary.by ?? '',
    by_name: parts.names.person(summary.by), purpose: summary.purpose ?? '', outcome: summary.outcome ?? '',
    note: summary.note ?? '', note_chars: summary.note_chars ?? 0, mark, conflicts: summary.conflicts ?? [],
  };
  if (reason !== undefined) visit.held_reason = reason;
  if (summary.review) {
    const { state, by, at, comment } = summary.review;
    visit.review = { state, by_name: parts.names.person(by), at, comment };
  }
  return visit;
}

/** Rows newest first; the id breaks ties, so that the order never jumps. */
export function visitRows(rows: Iterable<DocumentRow>, parts: RowParts): VisitRow[] {
  return [...rows].flatMap((row) => visitRow(row, parts) ?? []).sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
}

/** What the server kept in its tray or did not take, newest first. */
export function trayItems(sending: Sending, doors: ReadonlyMap<string, string>, faces: ReadonlyMap<string, FaceRow>): TrayItem[] {
  const held = sending.held.map((row) => ({ document: row.document, at: row.at, reason: row.reason ?? '', status: 'held' as const }));
  const refused = sending.outbox.filter((row) => row.state === 'refused')
    .map((row) => ({ document: row.document, at: row.at, reason: row.reason ?? '', status: 'refused' as const }));
  return [...held, ...refused].sort((a, b) => b.at - a.at).map((item) => {
    const door = doors.get(item.document);
    return door === undefined ? item : { ...item, door: doorAddress(door, faces) };
  });
}

/** Unsent changes by door. */
export function unsentByDoor(outbox: readonly OutboxRow[]): Map<string, number> {
  const unsent = new Map<string, Set<string>>();
  for (const row of outbox) if (row.door) unsent.set(row.door, (unsent.get(row.door) ?? new Set()).add(row.document));
  return new Map([...unsent].map(([door, documents]) => [door, documents.size]));
}

/** The door a visit was made at. */
export function doorOf(row: DocumentRow | undefined): string | undefined {
  return row?.summary?.kind === 'visit' ? row.summary.door : undefined;
}

/** A door this phone does not have (any more) keeps its id and says nothing else. */
export function doorAddress(door: string, faces: ReadonlyMap<string, FaceRow>): DoorAddress {
  const face = faces.get(door);
  return face ? addressOf(face) : { id: door, building: '', unit: '', floor: 0, label: '' };
}

function withReason(mark: Mark, reason: string | undefined): { mark: Mark; reason?: string } {
  return reason === undefined ? { mark } : { mark, reason };
}
