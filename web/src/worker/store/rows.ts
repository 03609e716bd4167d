// What the phone's store holds: the shape of each row. No code.

import type { DBSchema } from 'idb';
import type { FeedEntry, Past, PersonEntry, SeenAt } from '../exchange/frames.ts';
import type { Identity, Parcel, VisitDraft } from '../../bridge/types.ts';
import type { Bytes } from '../bytes.ts';
import type { Summary } from '../summary.ts';

/** One document as lists need it. Its bytes are in `chunks`. */
export interface DocumentRow {
  id: string; kind: string; feed: string;
  /** Place in its feed as last heard; 0 while the server has not said. */
  seq: number;
  /** The server's heads as far as they are known here, sorted; none are where only the row came, or nothing yet. */
  heads: string[];
  /** This document's share of its feed's digest as last heard, of which the low 32 bits count; 0 for what only this phone has. */
  digest: bigint;
  summary: Summary | null;
  /** The chunks hold the whole document, so that it can be opened without signal. */
  whole: boolean;
  /** Set when the server has changes that the chunks lack: ask for them. Absent, not false: the index lists only these. */
  stale?: 1;
  /** Of a door: the newest visit as the server told with its row, which comes before the visits themselves. */
  seen?: SeenAt;
  /** The walk of its feed in which it was last listed (see `FeedRow.walk`). */
  walk: number;
}

/**
 * What the server has of one document, as bytes: Automerge chunks, without the genesis and without unsent changes. What
 * it has lost may be among them: our changes that are offered again, and what they build on.
 */
export interface ChunkRow { id: string; bytes: Bytes }

/** A change made here. It stays until a receipt names it. */
export interface OutboxRow {
  hash: string; document: string; kind: string; feed: string; bytes: Bytes; deps: string[];
  /** The door of a visit, so that windows can show what is unsent without reading documents. */
  door?: string;
  /** The order in which they were made: grows by one with each change. What is offered again stands before all others. */
  order: number;
  at: number;
  state: 'waiting' | 'refused';
  reason?: string;
}

/** What became of a change. `held` keeps the bytes: the person goes on seeing what they wrote. */
export interface SettledRow {
  hash: string; document: string; status: 'accepted' | 'held'; seq: number; at: number; reason?: string; bytes?: Bytes;
}

/** One door as the building face needs it: kept beside its summary and the newest visits, in the same transaction. */
export interface FaceRow {
  id: string; feed: string; building: string; unit: string; floor: number; label: string; tags: string[];
  persons: string[]; interval_days?: number; purpose?: string;
  last_visit_at?: number; last_outcome?: string;
  /** The newest visit whose outcome counts as seen. */
  last_seen_at?: number;
  /** The earliest visit that was left out because it seemed to lie in the future: counted when the clock says otherwise. */
  ahead_at?: number;
}

/** The state of the exchange with one feed. */
export interface FeedRow {
  feed: string; cursor: number;
  /** Null until the first answer told the feed's head. */
  history: number | null;
  /** The row that came last of the history, while its list is under way (absent at its beginning). */
  past?: Past;
  /** The cursor when the feed was last had to its end; a walk under way has passed changes that come later. */
  complete?: number;
  /** Wrapping sum of the digests of this feed's rows; the low 32 bits count. */
  sum: bigint;
  /** Set while the feed is walked again from the start because the digests differed (version 1). */
  again?: { cursor: number };
  /** Set when the digests differed, until the feed has been compared part by part. */
  compare?: true;
  /** Number of the walk in progress or last done. */
  walk: number;
  /** Digests differed at the last full answer; seen twice, the feed is repaired. */
  suspect: boolean;
  /** A repair has been tried; the next is not before this time. */
  rest_until?: number;
}

/** The visit a draft became, so that the same save asked twice writes once. */
export interface SaveRow {
  key: string; visit: string; changed_at: number; at: number;
  /** The change the save made: what the person sees when they go on writing. */
  hash?: string;
}

/** A rescue file on its way: whose words it holds is not this phone's to alter. The bytes go when the office has taken all of them. */
export interface ParcelRow {
  parcel: Parcel; bytes?: Bytes;
  /** The office took a part then; the rest is not asked again at once. */
  partly_at?: number;
  /** What was half written in it is in the drafts here, or was. */
  drafts_restored?: true;
}

export interface Enrolment { identity: Identity; token: string; server_key: string; code: string }
export interface Directory { version: number; people: PersonEntry[]; feeds: FeedEntry[] }
export interface ExchangeMemory { last_exchange_at: number; clock_error_ms: number }
export interface MetaValues {
  enrolment: Enrolment; directory: Directory; exchange: ExchangeMemory;
  /** Grows when a worker takes the lead from one that did not answer; the other's writes then fail. */
  epoch: number;
  parcels: ParcelRow[];
}

export interface StairwellSchema extends DBSchema {
  documents: {
    key: string; value: DocumentRow;
    indexes: { kind: string; feed: string; stale: number; door: string; by_at: [string, number] };
  };
  chunks: { key: string; value: ChunkRow };
  outbox: { key: string; value: OutboxRow };
  settled: { key: string; value: SettledRow; indexes: { document: string; status: string } };
  faces: { key: string; value: FaceRow };
  feeds: { key: string; value: FeedRow };
  drafts: { key: string; value: VisitDraft };
  saves: { key: string; value: SaveRow };
  meta: { key: string; value: unknown };
}
