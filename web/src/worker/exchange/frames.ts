// What the frames of a pack say (PROTOCOL.md part 4), the same for both versions. Shapes only;
// how they are spelled is in `wire-one.ts` and `wire-two.ts`.

import type { Bytes } from '../bytes.ts';

/** The largest unsigned 64-bit number: a reader with this history is never sent bytes it did not ask for. Version 1. */
export const HISTORY_ALL = 0xffff_ffff_ffff_ffffn;

export type Version = 1 | 2;
/** The version this app speaks where the program does. */
export const VERSION_NEWEST: Version = 2;

/** Parts of a feed that are compared one by one; the part of a document is the last byte of its id. */
export const PARTS = 256;

/** A place in the list of a feed's history: rank 0 communities and doors, 1 the rest; the seq of the row that came last. */
export type Past = [rank: number, seq: number];
/** The newest visit at a door, as far as the server knows. */
export interface SeenAt { at: number; outcome: string }

/**
 * `complete`: the cursor at which this phone last had the feed to its end.
 * `past`: where the list of its history stands, null when all of it is here; not said in version 1.
 */
export interface HelloFeed { feed: string; cursor: number; digest: bigint; history: bigint; complete: number; past?: Past | null }
export interface Hello {
  frame: 'hello'; version: number; clock_ms: number; feeds: HelloFeed[]; people: number; app: string;
}
/** Version 2 spells it lean where both sides can put back what is left out. */
export interface ChangeFrame { frame: 'change'; document: string; kind: string; feed: string; bytes: Bytes }
export interface Want { frame: 'want'; document: string }
/** The sums of the documents' digests in each part of a feed. */
export interface CompareFrame { frame: 'compare'; feed: string; digests: number[] }

export type ReceiptStatus = 'accepted' | 'held' | 'refused';
/** `prefix`: the first 8 bytes of the change's hash, as hex. */
export interface Receipt { frame: 'receipt'; prefix: string; status: ReceiptStatus; seq: number; reason: string | null }
export interface DocumentFrame {
  frame: 'document'; document: string; kind: string; feed: string; seq: number; heads: string[];
  summary: string | null; whole: boolean; bytes: Bytes;
}
export interface FeedFrame {
  frame: 'feed'; feed: string; cursor: number; digest: bigint; more: boolean; head: number;
}
export interface PersonEntry { person: string; name: string; role: string; devices: string[] }
export interface FeedEntry { feed: string; name: string; kind: 'grid' | 'community' }
export interface People { frame: 'people'; version: number; people: PersonEntry[]; feeds: FeedEntry[] }
/** No signature where nothing was receipted. */
export interface End { frame: 'end'; server_time: number; signature: Bytes | null }
export interface Notice { frame: 'notice'; reason: string }

// Version 2 only

/** The history of a feed follows, which ends here. */
export interface Start { frame: 'start'; feed: string; history: number }
/** Null: as it was. A patch is for the summary that this phone had when the feed was complete. */
export type SummaryNews = null | { value: unknown } | { patch: unknown };
/** What is new in one document. The changes are lean bytes, oldest first. */
export interface News {
  frame: 'news'; document: string; kind: string; feed: string; seq: number; digest: bigint;
  summary: SummaryNews; whole: boolean; changes: Bytes[];
}
/** A summary is undefined when there is none; `seen` when the frame says nothing of it. */
export interface Row { document: string; seq: number; digest: bigint; summary: unknown; seen?: SeenAt | null }
/** Documents of one kind and feed, in a list. */
export interface Rows { frame: 'rows'; kind: string; feed: string; rows: Row[] }
/** The end of a comparison: part n differs when bit n mod 8 of byte n div 8 is set. */
export interface Compared { frame: 'compared'; feed: string; digest: bigint; parts: Bytes }

export type Frame =
  Hello | ChangeFrame | Want | CompareFrame | Receipt | DocumentFrame | FeedFrame | People | End | Notice
  | Start | News | Rows | Compared;

/** What both sides of one exchange know before its first frame, or from it. */
export interface Shared {
  version: Version;
  /** Of the phone that asks. */
  device: string; community: string;
  clock_ms: number;
  /** The feeds in the hello, in their order. */
  feeds: readonly string[];
  /** The hashes of the changes in the request, in their order. */
  sent: readonly string[];
}
