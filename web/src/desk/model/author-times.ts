// When each author of a text wrote their part of it. Pure; who has which colour is app/authors.ts.

import type { AuthorRun, TimeMs } from '../../bridge/types.ts';

export interface AuthorTimes {
  first_at: TimeMs;
  last_at: TimeMs;
}

/** First and last time by author, under the same key that app/authors.ts gives the author. */
export function authorTimes(runs: readonly AuthorRun[]): Map<string, AuthorTimes> {
  const times = new Map<string, AuthorTimes>();
  for (const run of runs) {
    const key = run.person ?? `name:${run.name}`;
    const known = times.get(key) ?? { first_at: run.at, last_at: run.at };
    times.set(key, { first_at: Math.min(known.first_at, run.at), last_at: Math.max(known.last_at, run.at) });
  }
  return times;
}
