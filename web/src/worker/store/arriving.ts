// Writing what the office said: receipts, and documents with their bytes. Each function runs inside a transaction of `store.ts`.

import { concat, holdsBytes, type Bytes } from '../bytes.ts';
import type { StoreName, Writing } from './database.ts';
import { PUTTING, type RowChange } from './putting.ts';
import type { ChunkRow, OutboxRow, SettledRow } from './rows.ts';

/** The stores a transaction must hold for what is written here, with `putRows`. */
export const SETTLING = [...PUTTING, 'chunks', 'outbox', 'settled'] as StoreName[];

/** A change is either new here (outbox) or with the server's tray (held): both belong on top of the server's chunks. */
export interface OwnChange { hash: string; bytes: Bytes; deps: string[]; held: boolean }

/** One receipt's consequence, worked out before the transaction. */
export interface Settlement {
  change: OutboxRow; status: 'accepted' | 'held' | 'refused'; seq: number; reason: string | null;
}
/** A change that this device made before, as it goes into the outbox once more. The store gives it its place there. */
export type Offered = Omit<OutboxRow, 'order' | 'state'>;
/** What one document becomes by what arrived. */
export interface Arrival {
  change: RowChange;
  /** Undefined: the bytes stay as they are. */
  bytes?: Bytes;
  /** Own changes that turned out to be in the server's document: no receipt is needed any more. */
  arrived: OwnChange[];
  /** Own changes that the server turned out to lack, or may have lost, oldest first. */
  offered: Offered[];
}

/** Each receipt as the row it becomes. */
export function sorted(settlements: readonly Settlement[], nowMs: number): { settled: SettledRow[]; refused: OutboxRow[] } {
  const settled: SettledRow[] = [];
  const refused: OutboxRow[] = [];
  for (const { change, status, seq, reason } of settlements) {
    if (status === 'refused') refused.push({ ...change, state: 'refused', ...(reason ? { reason } : {}) });
    else settled.push(settledRow(change, status, seq, reason, nowMs));
  }
  return { settled, refused };
}

/** Accepted bytes move into the chunks as they leave the outbox. */
export async function writeSettled(
  transaction: Writing, settlements: readonly Settlement[], settled: readonly SettledRow[], refused: readonly OutboxRow[],
): Promise<void> {
  const outbox = transaction.objectStore('outbox');
  await Promise.all(refused.map((row) => outbox.put(row)));
  await Promise.all(settled.map((row) => outbox.delete(row.hash)));
  await Promise.all(settled.map((row) => transaction.objectStore('settled').put(row)));
  for (const { change, status } of settlements) {
    if (status !== 'accepted') continue;
    const chunks = transaction.objectStore('chunks');
    const before = await chunks.get(change.document);
    // What is offered again never left the bytes.
    if (before && holdsBytes(before.bytes, change.bytes)) continue;
    await chunks.put(withBytes(change.document, before, change.bytes));
  }
}

/** Bytes, and the own changes that turned out to be among them. */
export async function writeArrived(transaction: Writing, arrivals: readonly Arrival[], nowMs: number): Promise<void> {
  const chunks = transaction.objectStore('chunks');
  for (const { change, bytes, arrived } of arrivals) {
    if (bytes) await chunks.put({ id: change.after.id, bytes });
    for (const { hash } of arrived) {
      await transaction.objectStore('outbox').delete(hash);
      await transaction.objectStore('settled').put(
        { hash, document: change.after.id, status: 'accepted', seq: change.after.seq, at: nowMs });
    }
  }
}

/** What is offered again as it stands in the outbox: made before everything that waits there, and so sent before it. */
export function rowsOffered(arrivals: readonly Arrival[], outbox: readonly OutboxRow[]): OutboxRow[] {
  const all = arrivals.flatMap((it) => it.offered);
  const first = Math.min(1, ...outbox.map((row) => row.order)) - all.length;
  return all.map((change, at) => ({ ...change, order: first + at, state: 'waiting' }));
}

/** The office's word on a change that it may have lost since counts no more. */
export async function writeOffered(transaction: Writing, rows: readonly OutboxRow[]): Promise<void> {
  await Promise.all(rows.flatMap((row) => [
    transaction.objectStore('outbox').put(row), transaction.objectStore('settled').delete(row.hash),
  ]));
}

function settledRow(change: OutboxRow, status: 'accepted' | 'held', seq: number, reason: string | null, nowMs: number): SettledRow {
  const row: SettledRow = { hash: change.hash, document: change.document, status, seq, at: nowMs };
  if (reason) row.reason = reason;
  if (status === 'held') row.bytes = change.bytes;
  return row;
}

function withBytes(id: string, before: ChunkRow | undefined, bytes: Bytes): ChunkRow {
  return { id, bytes: before ? concat([before.bytes, bytes]) : bytes };
}
