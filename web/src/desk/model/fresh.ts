// Which visits have something new merged in since the reader last looked: the 新并入 mark.
// Pure. Order is the server's time of arrival, never a phone's clock.

import type { Id, TimeMs } from '../../bridge/types.ts';

/** What one reader has looked at. */
export interface Looked {
  /** Everything that arrived up to here was there when the desk was last closed. */
  until: TimeMs;
  /** The arrival each opened visit was looked at with, the most recently looked at last. */
  visits: [Id, TimeMs][];
}

/** How many opened visits are remembered; older ones are covered by `until` soon enough. */
const REMEMBERED = 2_000;

export const LOOKED_AT_NOTHING: Looked = { until: 0, visits: [] };

/** True when something of this visit arrived after the reader last saw it. */
export function isFresh(looked: Looked, visit: Id, received_at: TimeMs): boolean {
  if (looked.until === 0) return false;
  const seen = looked.visits.find(([id]) => id === visit)?.[1] ?? 0;
  return received_at > Math.max(looked.until, seen);
}

/** After the reader opened a visit as it stood at `received_at`. */
export function lookAt(looked: Looked, visit: Id, received_at: TimeMs): Looked {
  const before = looked.visits.find(([id]) => id === visit)?.[1] ?? 0;
  if (before >= received_at) return looked;
  const others = looked.visits.filter(([id]) => id !== visit);
  return { ...looked, visits: [...others, [visit, received_at] as [Id, TimeMs]].slice(-REMEMBERED) };
}

/** When the desk opens again: what had arrived when it was last read is no longer new. */
export function beginReading(looked: Looked, last_as_of: TimeMs): Looked {
  const until = Math.max(looked.until, last_as_of);
  return { until, visits: looked.visits.filter(([, at]) => at > until) };
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
