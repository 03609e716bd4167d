// What was told of documents makes of the rows and bytes that are here. Reads and thinks; the store writes.

import { concat, copy, type Bytes } from '../bytes.ts';
import type { WrittenChange } from '../documents/chunks.ts';
import { ancestors } from '../documents/edit.ts';
import { genesisOf } from '../documents/genesis.ts';
import type { Library } from '../documents/library.ts';
import { summarise } from '../documents/summarise.ts';
import type { DocumentRow, FeedRow } from '../store/rows.ts';
import type { Arrival, OwnChange, Store } from '../store/store.ts';
import { summaryOf, type Summary } from '../summary.ts';
import type { Shared } from './frames.ts';
import { mergePatch } from './merge-patch.ts';
import { merge, type Held, type Here } from './merging.ts';
import { keepOwn, offeredChange } from './offering.ts';
import type { Told } from './told.ts';

/** The arrivals of what was told of documents, each of them named at most once. */
export async function planArrivals(store: Store, library: Library, shared: Shared, told: readonly Told[], feeds: readonly FeedRow[]): Promise<Arrival[]> {
  const ids = told.map((it) => it.document);
  const rows = await store.documents(ids);
  // Only what is here whole has bytes, or what was written before its row came; for a long list of rows none are read.
  const chunks = await store.chunks(told.filter((it) => rows.get(it.document)?.whole || it.whole).map((it) => it.document));
  const byFeed = new Map(feeds.map((feed) => [feed.feed, feed]));
  return Promise.all(told.map((it) => {
    const feed = byFeed.get(it.feed);
    return planOne(library, shared, it, {
      row: rows.get(it.document), chunk: chunks.get(it.document), own: store.ownChanges(it.document),
      walk: feed?.walk ?? 0, complete: feed?.complete ?? 0,
    });
  }));
}

async function planOne(library: Library, shared: Shared, told: Told, here: Here): Promise<Arrival> {
  const before = here.row;
  const { held, again } = await keep(library, shared.device, told, await merge(told, here, shared), here);
  const own = [...here.own, ...again.map(({ hash, bytes, deps }): OwnChange => ({ hash, bytes: copy(bytes), deps, held: false }))];
  const { summary, stale, arrived } = await settle(library, told, here, held, own);
  const after: DocumentRow = {
    id: told.document, kind: told.kind, feed: told.feed, seq: told.seq || (before?.seq ?? 0),
    heads: held.heads, digest: held.digest, summary, whole: held.whole, walk: here.walk,
  };
  const seen = told.seen === undefined ? before?.seen : told.seen;
  if (seen) after.seen = seen;
  if (stale) after.stale = 1;
  const offered = again.filter((change) => arrived.every((it) => it.hash !== change.hash)).map((change) => offeredChange(change, after));
  const arrival: Arrival = { change: { before, after }, arrived, offered };
  const bytes = bytesAfter(told, held, arrived);
  if (bytes) arrival.bytes = bytes;
  return arrival;
}

interface Settled { summary: Summary | null; stale: boolean; arrived: OwnChange[] }

/** What is shown of a document now, whether it must be asked for again, and which of our own changes are in it. */
async function settle(library: Library, told: Told, here: Here, held: Held, own: readonly OwnChange[]): Promise<Settled> {
  const { shown, doubt } = summaryAfter(told, here);
  if (own.length > 0 && held.whole) {
    const looked = await look(library, told, held, own);
    return {
      // The server's row does not know what only this phone has; the row shown here must.
      summary: looked.summary ?? here.row?.summary ?? shown,
      stale: held.stale || !looked.complete,
      arrived: own.filter((change) => looked.included.has(change.hash)),
    };
  }
  if (!doubt) return { summary: shown, stale: held.stale, arrived: [] };
  const computed = held.whole && !held.stale ? (await look(library, told, held, [])).summary : null;
  return { summary: computed ?? shown, stale: computed === null, arrived: [] };
}

/** The bytes to keep: what came, and with it what of ours arrived but was not among it. None where nothing changes. */
function bytesAfter(told: Told, held: Held, arrived: readonly OwnChange[]): Bytes | undefined {
  const missing = arrived.filter((change) => 'heads' in told.state || !held.named.includes(change.hash));
  if (missing.length > 0) return concat([...(held.bytes ? [held.bytes] : []), ...missing.map((change) => change.bytes)]);
  return held.changed ? held.bytes : undefined;
}

/** What came as a whole takes the place of what is here, but for what this device wrote and the office lacks. */
async function keep(library: Library, device: string, told: Told, held: Held, { row, chunk, own }: Here): Promise<{ held: Held; again: WrittenChange[] }> {
  const isReplacing = held.changed && (told.whole || !row?.whole);
  if (!isReplacing || !chunk || !held.bytes) return { held, again: [] };
  const kept = await keepOwn(library, device, { kind: told.kind, chunk, own }, held.bytes);
  if (kept) return { held: { ...held, bytes: kept.bytes }, again: kept.again };
  return { held: { ...held, bytes: chunk, changed: false, whole: row?.whole ?? false, stale: true }, again: [] };
}

/** The summary as it was told. In doubt when it cannot be known from what was told and what is here. */
function summaryAfter(told: Told, { row, complete }: Here): { shown: Summary | null; doubt: boolean } {
  const shown = row?.summary ?? null;
  if (told.summary === null) return { shown, doubt: row === undefined && genesisOf(told.kind) !== undefined && 'digest' in told.state };
  if ('value' in told.summary) return { shown: summaryOf(told.summary.value) ?? shown, doubt: false };
  // The patch is for the summary that was here when the feed was complete, and this one is newer.
  if (!shown || (row && row.seq > complete)) return { shown, doubt: true };
  const patched = summaryOf(mergePatch(shown, told.summary.patch));
  return { shown: patched ?? shown, doubt: patched === null };
}

interface Looked { summary: Summary | null; included: Set<string>; complete: boolean }

/**
 * An exchange opens no document but those with changes of ours that the server has not confirmed, or had not when this
 * phone last had the feed in full; and compacted ones, to see what of ours is in them (`offering.ts`).
 */
async function look(library: Library, told: Told, held: Held, own: readonly OwnChange[]): Promise<Looked> {
  const parts: Bytes[] = [...(held.bytes ? [held.bytes] : []), ...own.map((change) => change.bytes)];
  try {
    return await library.with(told.kind, parts, undefined, (automerge, document) => {
      const complete = automerge.hasHeads(document, held.heads);
      const included = complete ? ancestors(automerge, document, held.named) : new Set(held.named);
      return { summary: summarise(automerge, document), included, complete };
    });
  } catch {
    // One document that will not open must not hold up the rest; its row stays as the person last saw it.
    return { summary: null, included: new Set(held.named), complete: true };
  }
}
