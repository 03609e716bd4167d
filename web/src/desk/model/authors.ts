// Which colour each author's words have. Pure; the colours themselves are in look/desk.css.

import type { AuthorRun, Id, TimeMs } from '../../bridge/types';

/** How many author colours look/desk.css has. */
export const AUTHOR_COLOURS = 6;

export interface Author {
  /** The person, or the name when the person is not known. */
  key: string;
  name: string;
  colour: number;
  first_at: TimeMs;
  last_at: TimeMs;
}

/** Authors in the order their words are read. One author has one colour; two never share one while there are enough. */
export function authorsOf(runs: readonly AuthorRun[]): Author[] {
  const authors = new Map<string, Author>();
  const taken = new Set<number>();
  for (const run of runs) {
    const key = authorKey(run);
    const known = authors.get(key);
    if (known) {
      known.first_at = Math.min(known.first_at, run.at);
      known.last_at = Math.max(known.last_at, run.at);
      continue;
    }
    const colour = freeColour(key, taken);
    taken.add(colour);
    authors.set(key, { key, name: run.name, colour, first_at: run.at, last_at: run.at });
  }
  return [...authors.values()];
}

export function authorKey(run: { person?: Id; name: string }): string {
  return run.person ?? run.name;
}

/** A person keeps the same colour from note to note, unless another author of this note had it first. */
function freeColour(key: string, taken: ReadonlySet<number>): number {
  const wanted = spread(key) % AUTHOR_COLOURS;
  for (let step = 0; step < AUTHOR_COLOURS; step += 1) {
    const colour = (wanted + step) % AUTHOR_COLOURS;
    if (!taken.has(colour)) return colour;
  }
  return wanted;
}

/** FNV-1a: spreads ids evenly; nothing depends on its strength. */
function spread(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash;
}
