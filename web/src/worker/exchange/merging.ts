// What the bytes of a document are after a frame, and whether they are all that the server has. No document is opened.

import { concat, type Bytes } from '../bytes.ts';
import { headsOf, lookInto, reachedFrom, readChanges, standsAlone, type PlainChange } from '../documents/chunks.ts';
import { genesisOf } from '../documents/genesis.ts';
import type { DocumentRow } from '../store/rows.ts';
import type { OwnChange } from '../store/store.ts';
import { documentDigest, low32 } from './digest.ts';
import type { Shared } from './frames.ts';
import { headsBehind, headsWith } from './heads.ts';
import { readLean } from './lean.ts';
import type { Told } from './told.ts';

export interface Here { row: DocumentRow | undefined; chunk: Bytes | undefined; own: OwnChange[]; walk: number; complete: number }

/** What is true of a document after what was told, before our own changes are looked at. */
export interface Held {
  bytes: Bytes | undefined; changed: boolean; whole: boolean; stale: boolean;
  heads: string[]; digest: bigint;
  /** Changes that the server named, and with them all that they build on. */
  named: string[];
}

export async function merge(told: Told, here: Here, shared: Shared): Promise<Held> {
  if ('heads' in told.state) {
    const { heads } = told.state;
    const bytes = 'chunks' in told.brought ? told.brought.chunks : new Uint8Array();
    const held = await mergeNamed(told, heads, bytes, here);
    return { ...held, heads, digest: await documentDigest(told.document, heads), named: heads };
  }
  const { digest } = told.state;
  const lean = 'lean' in told.brought ? told.brought.lean : [];
  return (lean.length > 0 ? await mergeNews(told, digest, lean, here, shared) : undefined) ?? mergeRow(told, digest, here);
}

// Heads in full

async function mergeNamed(told: Told, heads: readonly string[], brought: Bytes, here: Here): Promise<Pick<Held, 'bytes' | 'changed' | 'whole' | 'stale'>> {
  const wasWhole = here.row?.whole ?? false;
  const wasStale = here.row?.stale === 1;
  if (told.whole) return { bytes: brought, changed: true, whole: true, stale: false };
  if (brought.length === 0) {
    const differs = here.row?.heads.join() !== heads.join();
    return { bytes: here.chunk, changed: false, whole: wasWhole, stale: wasWhole && (differs || wasStale) };
  }
  if (wasWhole) {
    const bytes = here.chunk ? concat([here.chunk, brought]) : brought;
    return { bytes, changed: true, whole: true, stale: wasStale || !(await holdsTogether(bytes, brought, told.kind, heads, here)) };
  }
  // Changes to a document of which only the row is here are of use only when nothing lies before them.
  const changes = await readChanges(brought);
  const alone = changes !== undefined && standsAlone(changes, genesisOf(told.kind)?.hash);
  return { bytes: brought, changed: alone, whole: alone, stale: false };
}

/**
 * Whether the bytes hold every head and all that it builds on, and besides only our own that is not settled. A gap means
 * that an answer left something out, and more that the office has lost something; the document is then asked for by name,
 * since no cursor would ever tell of it.
 */
async function holdsTogether(bytes: Bytes, brought: Bytes, kind: string, heads: readonly string[], here: Here): Promise<boolean> {
  const changes = await readChanges(concat([bytes, ...here.own.map((change) => change.bytes)]));
  if (changes) {
    const told = reachedFrom(heads, changes);
    for (const change of here.own) told.add(change.hash);
    return heads.every((head) => changes.has(head)) && standsAlone(changes, genesisOf(kind)?.hash) && [...changes.keys()].every((hash) => told.has(hash));
  }
  // Behind a compacted beginning only what is new can be seen.
  const known = new Set([...(here.row?.heads ?? []), ...here.own.map((change) => change.hash)]);
  const fresh = await readChanges(brought);
  return heads.every((head) => known.has(head) || (fresh?.has(head) ?? false));
}

// Only a digest

/** Only the row came. Bytes that are here and give another digest lack something. */
async function mergeRow(told: Told, digest: bigint, here: Here): Promise<Held> {
  const { row, chunk, own } = here;
  const held = { bytes: chunk, changed: false, digest, named: [] };
  if (!row?.whole) {
    const same = row !== undefined && low32(row.digest) === digest;
    // A row alone is asked for only where its summary was in doubt; now it is told in full.
    const inDoubt = row?.stale === 1 && (told.summary === null || 'patch' in told.summary);
    return { ...held, whole: false, stale: inDoubt, heads: same ? row.heads : [] };
  }
  const heads = await headsBehind(digest, told.document, row.heads, own);
  return { ...held, whole: true, stale: row.stale === 1 || heads === undefined, heads: heads ?? row.heads };
}

/** Changes came. Undefined when they are of no use here, so that only the row counts. */
async function mergeNews(told: Told, digest: bigint, lean: readonly Bytes[], here: Here, shared: Shared): Promise<Held | undefined> {
  const wasWhole = here.row?.whole ?? false;
  const base = !told.whole && wasWhole ? (here.chunk ?? new Uint8Array()) : new Uint8Array();
  const seen = await lookInto(base);
  const known = new Set([...(here.row?.heads ?? []), ...seen.changes.keys(), ...here.own.map((change) => change.hash)]);
  const brought = await readNews(lean, told.kind, known, here, shared).catch(() => undefined);
  if (!brought) return undefined;

  const fresh = brought.filter((change) => !seen.changes.has(change.hash));
  const all = new Map([...seen.changes, ...fresh.map((change) => [change.hash, change.deps] as const)]);
  // Behind a compacted beginning only what is new can be seen; the digest tells whether that is all.
  const found = seen.opaque ? fresh.reduce<string[]>(headsWith, here.row?.heads ?? []) : headsOf(all);
  const heads = await headsBehind(digest, told.document, found, here.own);
  const own = here.own.map((change) => [change.hash, change.deps] as const);
  const genesis = genesisOf(told.kind)?.hash;
  const gap = !seen.opaque && !standsAlone(new Map([...own, ...all]), genesis);
  // A dependency may have been taken for another: nothing of it is kept, and the document is asked for.
  if (!told.whole && (heads === undefined || (!wasWhole && gap))) return undefined;
  return {
    bytes: concat([base, ...fresh.map((change) => change.bytes)]), changed: fresh.length > 0 || told.whole, whole: true,
    stale: heads === undefined || gap || (seen.opaque && here.row?.stale === 1),
    heads: heads ?? found, digest, named: brought.map((change) => change.hash),
  };
}

async function readNews(lean: readonly Bytes[], kind: string, known: ReadonlySet<string>, here: Here, { device, community }: Shared): Promise<PlainChange[]> {
  const heads = here.row?.heads ?? [];
  const changes: PlainChange[] = [];
  for (const bytes of lean) {
    const find = (prefix: string): string | undefined =>
      onlyOne(heads, prefix) ?? onlyOne([...known, ...changes.map((change) => change.hash)], prefix);
    const previous = changes.at(-1)?.hash;
    changes.push(await readLean(bytes, { device, community, genesis: genesisOf(kind)?.hash, previous, find }));
  }
  return changes;
}

function onlyOne(hashes: readonly string[], prefix: string): string | undefined {
  const found = new Set(hashes.filter((hash) => hash.startsWith(prefix)));
  return found.size === 1 ? [...found][0] : undefined;
}
