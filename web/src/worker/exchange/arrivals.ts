// What document frames make of the rows and bytes that are here. Reads and thinks; the store writes.

import { concat, type Bytes } from '../bytes.ts';
import { readChanges, standsAlone } from '../documents/chunks.ts';
import { ancestors } from '../documents/edit.ts';
import { genesisOf } from '../documents/genesis.ts';
import type { Library } from '../documents/library.ts';
import { summarise } from '../documents/summarise.ts';
import type { DocumentRow, FeedRow } from '../store/rows.ts';
import type { Arrival, OwnChange, Store } from '../store/store.ts';
import { readSummary, type Summary } from '../summary.ts';
import { documentDigest } from './digest.ts';
import type { DocumentFrame } from './frames.ts';

/** The arrivals of frames that name each document at most once. */
export async function planArrivals(store: Store, library: Library, frames: readonly DocumentFrame[], feeds: readonly FeedRow[]): Promise<Arrival[]> {
  const ids = frames.map((frame) => frame.document);
  const [rows, chunks] = [await store.documents(ids), await store.chunks(ids)];
  const walks = new Map(feeds.map((feed) => [feed.feed, feed.walk]));
  return Promise.all(frames.map((frame) => planOne(library, frame, {
    row: rows.get(frame.document), chunk: chunks.get(frame.document), own: store.ownChanges(frame.document),
    walk: walks.get(frame.feed) ?? 0,
  })));
}

interface Here { row: DocumentRow | undefined; chunk: Bytes | undefined; own: OwnChange[]; walk: number }
/** What is true of a document after its frame, before our own changes are looked at. */
interface Held { bytes: Bytes | undefined; changed: boolean; whole: boolean; stale: boolean }

async function planOne(library: Library, frame: DocumentFrame, here: Here): Promise<Arrival> {
  const before = here.row;
  const held = await mergeBytes(frame, here);
  const after: DocumentRow = {
    id: frame.document, kind: frame.kind, feed: frame.feed, seq: frame.seq || (before?.seq ?? 0),
    heads: frame.heads, digest: await documentDigest(frame.document, frame.heads),
    summary: readSummary(frame.summary) ?? before?.summary ?? null, whole: held.whole, walk: here.walk,
  };
  const arrival: Arrival = { change: { before, after }, arrived: [] };
  if (held.changed && held.bytes) arrival.bytes = held.bytes;
  let stale = held.stale;
  if (here.own.length > 0 && held.whole) {
    const looked = await lookWithOwn(library, frame, held.bytes, here.own);
    // The server's row does not know what only this phone has; the row shown here must.
    after.summary = looked.summary ?? before?.summary ?? after.summary;
    arrival.arrived = here.own.filter((change) => looked.included.has(change.hash));
    if (arrival.arrived.length > 0) {
      arrival.bytes = concat([...(held.bytes ? [held.bytes] : []), ...arrival.arrived.map((change) => change.bytes)]);
    }
    stale = !looked.complete;
  }
  if (stale) after.stale = 1;
  return arrival;
}

async function mergeBytes(frame: DocumentFrame, here: Here): Promise<Held> {
  const wasWhole = here.row?.whole ?? false;
  const wasStale = here.row?.stale === 1;
  if (frame.whole) return { bytes: frame.bytes, changed: true, whole: true, stale: false };
  if (frame.bytes.length === 0) {
    const differs = here.row?.heads.join() !== frame.heads.join();
    return { bytes: here.chunk, changed: false, whole: wasWhole, stale: wasWhole && (differs || wasStale) };
  }
  if (wasWhole) {
    const bytes = here.chunk ? concat([here.chunk, frame.bytes]) : frame.bytes;
    return { bytes, changed: true, whole: true, stale: wasStale || !(await holdsTogether(bytes, frame, here)) };
  }
  // Changes to a document of which only the row is here are of use only when nothing lies before them.
  const changes = await readChanges(frame.bytes);
  const alone = changes !== undefined && standsAlone(changes, genesisOf(frame.kind)?.hash);
  return { bytes: frame.bytes, changed: alone, whole: alone, stale: false };
}

/**
 * Whether the bytes hold every head and all that it builds on. A gap means that an answer left something out; the
 * document is then asked for by name, since no cursor would ever tell of it.
 */
async function holdsTogether(bytes: Bytes, frame: DocumentFrame, here: Here): Promise<boolean> {
  const changes = await readChanges(concat([bytes, ...here.own.map((change) => change.bytes)]));
  if (changes) return frame.heads.every((head) => changes.has(head)) && standsAlone(changes, genesisOf(frame.kind)?.hash);
  // Behind a compacted beginning only what is new can be seen.
  const known = new Set([...(here.row?.heads ?? []), ...here.own.map((change) => change.hash)]);
  const brought = await readChanges(frame.bytes);
  return frame.heads.every((head) => known.has(head) || (brought?.has(head) ?? false));
}

interface Looked { summary: Summary | null; included: Set<string>; complete: boolean }

/** The only case in which an exchange opens documents: those with changes of ours that the server has not confirmed. */
async function lookWithOwn(library: Library, frame: DocumentFrame, bytes: Bytes | undefined, own: readonly OwnChange[]): Promise<Looked> {
  const parts = [...(bytes ? [bytes] : []), ...own.map((change) => change.bytes)];
  try {
    return await library.with(frame.kind, parts, undefined, (automerge, document) => {
      const complete = automerge.hasHeads(document, frame.heads);
      const included = complete ? ancestors(automerge, document, frame.heads) : new Set(frame.heads);
      return { summary: summarise(automerge, document), included, complete };
    });
  } catch {
    // One document that will not open must not hold up the rest; its row stays as the person last saw it.
    return { summary: null, included: new Set(frame.heads), complete: true };
  }
}
