// What a frame tells of one document, however it was spelled. Pure.

import type { Bytes } from '../bytes.ts';
import { readSummary } from '../summary.ts';
import type { DocumentFrame, News, Rows, SeenAt, SummaryNews } from './frames.ts';

export interface Told {
  document: string; kind: string; feed: string;
  /** 0 when the document was asked for by name: that says nothing of its place. */
  seq: number;
  /** The state at the server: its heads in full, or only the digest of them. */
  state: { heads: string[] } | { digest: bigint };
  summary: SummaryNews;
  /** What came is the whole document. */
  whole: boolean;
  brought: { chunks: Bytes } | { lean: Bytes[] };
  /** Undefined when nothing was said of it. */
  seen?: SeenAt | null;
}

export function toldByDocument(frame: DocumentFrame): Told {
  const { document, kind, feed, seq, heads, whole, bytes } = frame;
  const summary = readSummary(frame.summary);
  return { document, kind, feed, seq, state: { heads }, summary: summary && { value: summary }, whole, brought: { chunks: bytes } };
}

export function toldByNews({ document, kind, feed, seq, digest, summary, whole, changes }: News): Told {
  return { document, kind, feed, seq, state: { digest }, summary, whole, brought: { lean: changes } };
}

/** A document that is listed twice counts as it was listed last. */
export function toldByRows({ kind, feed, rows }: Rows): Told[] {
  const told = rows.map(({ document, seq, digest, summary, seen }): Told => ({
    document, kind, feed, seq, state: { digest }, summary: summary === undefined ? null : { value: summary }, whole: false,
    brought: { lean: [] }, ...(seen === undefined ? {} : { seen }),
  }));
  return [...new Map(told.map((it) => [it.document, it])).values()];
}

/** About how much room it takes until it is stored. */
export function sizeOf(told: Told): number {
  const parts = 'chunks' in told.brought ? [told.brought.chunks] : told.brought.lean;
  const bytes = parts.reduce((sum, part) => sum + part.length, 0);
  return bytes + (told.summary ? SUMMARY_BYTES : 0);
}

const SUMMARY_BYTES = 300;
