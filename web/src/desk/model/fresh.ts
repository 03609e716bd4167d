// Which visits have something new since the reader last looked: the 新并入 mark.
// Pure. Order is the server's time of arrival, never a phone's clock.

import type { Id, TimeMs } from '../../bridge/types.ts';
import type { VisitAnswer, VisitSummary } from './answers.ts';

/** What one reader has looked at. */
export interface Looked {
  /** Everything that arrived up to here was there when the desk was last closed. */
  until: TimeMs;
  /** Each opened visit with the fingerprint of what it said then, the most recently looked at last. */
  visits: [Id, number][];
}

/** How many opened visits are remembered: some months of one reader. */
const REMEMBERED = 2_000;

export const LOOKED_AT_NOTHING: Looked = { until: 0, visits: [] };

/** True when the visit arrived, or something was merged into it, after the reader last saw it. */
export function isFresh(looked: Looked, visit: VisitAnswer): boolean {
  const seen = looked.visits.find(([id]) => id === visit.id);
  if (seen) return seen[1] !== fingerprint(visit.summary);
  return looked.until > 0 && visit.received_at > looked.until;
}

/** After the reader opened a visit as it stands. */
export function lookAt(looked: Looked, visit: VisitAnswer): Looked {
  const now = fingerprint(visit.summary);
  if (looked.visits.some(([id, then]) => id === visit.id && then === now)) return looked;
  const others = looked.visits.filter(([id]) => id !== visit.id);
  return { ...looked, visits: [...others, [visit.id, now] as [Id, number]].slice(-REMEMBERED) };
}

/** When the desk opens again: what had arrived when it was last read is no longer new. */
export function beginReading(looked: Looked, last_as_of: TimeMs): Looked {
  return { ...looked, until: Math.max(looked.until, last_as_of) };
}

/**
 * What the workers said, in one number. The review is the desk's own word and makes nothing new.
 * FNV-1a: two notes that differ and agree in it are one in four billion, and the loss is a missing mark.
 */
export function fingerprint(summary: VisitSummary): number {
  const { note, note_chars, outcome, purpose, checks, met, conflicts } = summary;
  const text = JSON.stringify([note, note_chars, outcome, purpose, Object.entries(checks ?? {}).sort(), met, conflicts]);
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return hash;
}

/** Reads what `writeLooked` wrote; anything else counts as nothing looked at. */
export function readLooked(text: string | null): Looked {
  try {
    const value = JSON.parse(text ?? 'null') as Looked | null;
    if (value && typeof value.until === 'number' && Array.isArray(value.visits)) return value;
  } catch {
    // Text that another program left there is no memory of ours.
  }
  return LOOKED_AT_NOTHING;
}

export function writeLooked(looked: Looked): string {
  return JSON.stringify(looked);
}
