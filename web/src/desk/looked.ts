// What this reader has looked at, kept in the browser so that 新并入 means "since you last looked".
// Only ids, times and fingerprints are kept here, never a word of a note. The rule itself is model/fresh.ts.

import { signal } from '@preact/signals';
import type { TimeMs } from '../bridge/types.ts';
import type { VisitAnswer } from './model/answers.ts';
import { beginReading, lookAt, readLooked, writeLooked, type Looked } from './model/fresh.ts';

const LOOKED = 'stairwell-desk-looked';
const LAST_READ = 'stairwell-desk-read-until';

function kept(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function keep(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Without storage the marks last until the page closes.
  }
}

export const looked = signal<Looked>(beginReading(readLooked(kept(LOOKED)), Number(kept(LAST_READ)) || 0));

/** The reader has this visit open, as it stands. */
export function rememberLook(visit: VisitAnswer): void {
  const next = lookAt(looked.value, visit);
  if (next === looked.value) return;
  looked.value = next;
  keep(LOOKED, writeLooked(next));
}

/** The desk showed everything that had arrived by `as_of`; the next time it opens, that is no longer new. */
export function rememberReading(as_of: TimeMs): void {
  keep(LAST_READ, String(as_of));
}
