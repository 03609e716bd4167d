// What this device wrote is never given up for what the office says: where the office lacks it, it is offered again.
// Here is found what that is, in the bytes that are here. Sending is as for any change; the store writes.

import { refusalOf } from '../../bridge/error.ts';
import { concat, copy, deviceOf, holdsBytes, idToBytes, type Bytes } from '../bytes.ts';
import { partsOfChange, takeApart, type WrittenChange } from '../documents/chunks.ts';
import { genesisOf } from '../documents/genesis.ts';
import type { Library } from '../documents/library.ts';
import type { DocumentRow } from '../store/rows.ts';
import type { Arrival, Offered, OwnChange, Store } from '../store/store.ts';
import { doorOf } from '../views/visits.ts';

const NOT_READY = 'not_ready';

type Changes = ReadonlyMap<string, WrittenChange>;
/** What can be seen in bytes; `whole` when that is all there is in them. */
interface Look { changes: Changes; whole: boolean }

/** What the office's whole leaves of what is here. */
export interface Kept {
  /** What came, and behind it what our own changes build on and what came lacks. */
  bytes: Bytes;
  /** Changes of this device that what came lacks and that were neither unsent nor in the tray. Oldest first. */
  again: WrittenChange[];
}

/** What is here of a document whose bytes came as a whole, and the changes that are already on their way or in the tray. */
export interface Replaced { kind: string; chunk: Bytes; own: readonly OwnChange[] }

/** What stays when `came` replaces what is here; undefined when nobody can tell now, so that nothing may be replaced. */
export async function keepOwn(library: Library, device: string, { kind, chunk, own }: Replaced, came: Bytes): Promise<Kept | undefined> {
  if (own.length === 0 && !mayBeOf(device, chunk)) return { bytes: came, again: [] };
  // What is damaged here is mended by what came. Without the library it may well be sound.
  const here = await lookAt(library, kind, chunk);
  if (!here) return undefined;
  const written = notAmong(writtenBy(device, here.changes), own);
  if (written.length + own.length === 0) return { bytes: came, again: [] };
  const there = await lookAt(library, kind, came);
  if (!there?.whole) return undefined;
  const again = written.filter((change) => !there.changes.has(change.hash));
  const ground = groundOf([...own, ...again], here.changes, there.changes, genesisOf(kind)?.hash);
  return { bytes: concat([came, ...ground.map((change) => change.bytes)]), again };
}

/** What becomes of documents that their feed lists no more. Those in neither list stay as they are. */
export interface Unlisted {
  gone: DocumentRow[];
  /** Not forgotten yet: what this device wrote in them is offered once more, or is still on its way or in the tray. */
  offers: Arrival[];
}

/**
 * One that was `offered` in this very run and is not listed all the same has left its feed: between two runs an office may
 * be restored once more, but not within one.
 */
export async function judgeUnlisted(store: Store, library: Library, device: string, rows: readonly DocumentRow[], offered: ReadonlySet<string>): Promise<Unlisted> {
  const chunks = await store.chunks(rows.map((row) => row.id));
  const unlisted: Unlisted = { gone: [], offers: [] };
  for (const row of rows) {
    const own = store.ownChanges(row.id);
    const chunk = offered.has(row.id) ? undefined : chunks.get(row.id);
    const here = await lookAt(library, row.kind, chunk && mayBeOf(device, chunk) ? chunk : new Uint8Array());
    const again = here ? notAmong(writtenBy(device, here.changes), own) : [];
    // A document that nobody can look into holds up nothing, and is not thrown away either.
    if (again.length > 0 || (own.length > 0 && here)) unlisted.offers.push(offerOf(row, again));
    else if (own.length === 0 && here?.whole) unlisted.gone.push(row);
  }
  return unlisted;
}

/** As far as this phone knows, the office has nothing of it. The bytes stay as they are. */
function offerOf(row: DocumentRow, again: readonly WrittenChange[]): Arrival {
  const { stale: _stale, ...rest } = row;
  const after: DocumentRow = { ...rest, seq: 0, heads: [], digest: 0n };
  return { change: { before: row, after }, arrived: [], offered: again.map((change) => offeredChange(change, after)) };
}

/**
 * What lies in the tray of an office that seems to have lost something in these feeds: its tray may be lost as well, and if
 * it is not, the same answer comes again. Not what was `sent` in this very exchange: its answer is as new as that.
 * `beside` is what is stored with it.
 */
export async function offerTray(store: Store, feeds: ReadonlySet<string>, sent: readonly string[], beside: readonly Arrival[]): Promise<Arrival[]> {
  if (feeds.size === 0) return [];
  const settled = new Set([...sent, ...beside.flatMap((it) => it.arrived.map((change) => change.hash))]);
  const held = store.held().filter((row) => !settled.has(row.hash));
  const rows = await store.documents(held.map((row) => row.document));
  for (const { change } of beside) rows.set(change.after.id, change.after);
  const changes = await Promise.all(held.map(async ({ document, bytes }) => {
    const { written } = await takeApart(bytes ?? new Uint8Array());
    return written.map((change) => ({ row: rows.get(document), change }));
  }));
  return changes.flat().sort((a, b) => a.change.start_op - b.change.start_op).flatMap(({ row, change }): Arrival[] =>
    (row && feeds.has(row.feed) ? [{ change: { before: row, after: row }, arrived: [], offered: [offeredChange(change, row)] }] : []));
}

/** All that this device wrote, for an office that knows nothing of it. */
export async function offerAll(store: Store, library: Library, device: string): Promise<Arrival[]> {
  const rows = await store.wholeRows();
  const { offers } = await judgeUnlisted(store, library, device, rows, new Set());
  return [...offers, ...await offerTray(store, new Set(rows.map((row) => row.feed)), [], offers)];
}

/** The feeds in which the office turned out to lack something. */
export function feedsOfOffers(arrivals: readonly Arrival[]): ReadonlySet<string> {
  return new Set(arrivals.flatMap((it) => (it.offered.length > 0 ? [it.change.after.feed] : [])));
}

/** A change of this document on its way to the outbox, as a save would have put it there. */
export function offeredChange({ hash, bytes, deps, made_at }: WrittenChange, row: DocumentRow): Offered {
  const door = doorOf(row);
  return { hash, document: row.id, kind: row.kind, feed: row.feed, bytes: copy(bytes), deps, at: made_at, ...(door === undefined ? {} : { door }) };
}

/** False when this device surely wrote nothing in it: Automerge names the actors in the open, in compacted pieces too. */
function mayBeOf(device: string, chunk: Bytes): boolean {
  return holdsBytes(chunk, idToBytes(device));
}

/** What can be seen in these bytes; undefined while the library that would have to open them is not here. */
async function lookAt(library: Library, kind: string, bytes: Bytes): Promise<Look | undefined> {
  const { written, opaque, damaged } = await takeApart(bytes);
  const plain = written.filter((change) => change.sound);
  if (!opaque || damaged) return { changes: byHash(plain), whole: !damaged };
  try {
    const opened = await library.with(kind, [bytes], undefined, (automerge, document) => concat(automerge.getAllChanges(document)));
    return { changes: byHash([...(await takeApart(opened)).written, ...plain]), whole: true };
  } catch (error) {
    return refusalOf(error).code === NOT_READY ? undefined : { changes: byHash(plain), whole: false };
  }
}

function byHash(changes: readonly WrittenChange[]): Changes {
  return new Map(changes.map((change) => [change.hash, change]));
}

/** The changes that this device wrote, oldest first: a change numbers its operations on from what it builds on. */
function writtenBy(device: string, changes: Changes): WrittenChange[] {
  return [...changes.values()].filter((change) => deviceOf(change.actor) === device).sort((a, b) => a.start_op - b.start_op);
}

/** Those that are neither on their way to the office nor in its tray. */
function notAmong(changes: readonly WrittenChange[], own: readonly OwnChange[]): WrittenChange[] {
  return changes.filter((change) => own.every((it) => it.hash !== change.hash));
}

/** What these changes build on, directly or not, of what is here and not there. */
function groundOf(own: readonly { hash: string; bytes: Uint8Array }[], here: Changes, there: Changes, genesis: string | undefined): WrittenChange[] {
  const ground = new Map<string, WrittenChange>();
  const passed = new Set([...own.map((change) => change.hash), ...(genesis === undefined ? [] : [genesis])]);
  const open = own.flatMap((change) => partsOfChange(change.bytes)?.deps ?? []);
  for (let hash = open.pop(); hash !== undefined; hash = open.pop()) {
    const change = here.get(hash);
    if (!change || passed.has(hash) || there.has(hash)) continue;
    passed.add(hash);
    ground.set(hash, change);
    open.push(...change.deps);
  }
  return [...ground.values()].sort((a, b) => a.start_op - b.start_op);
}
