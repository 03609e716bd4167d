// Which colour belongs to which author of a text. Pure.

import type { AuthorRun } from '../bridge/types.ts';

/** Colours there are; a seventh author shares the first one's, and the names still tell them apart. */
const AUTHOR_COLOURS = 6;

/** One author of a text: the person, or the name when the person is not known here. */
export interface Author { key: string; name: string; colour: number }

function keyOf(run: { person?: string; name: string }): string {
  return run.person ?? `name:${run.name}`;
}

/** The authors in order of first appearance, colours from 1. Give every text of a page at once: one person, one colour. */
export function authorsOf(...texts: readonly (readonly AuthorRun[])[]): Author[] {
  const authors = new Map<string, Author>();
  for (const run of texts.flat()) {
    const key = keyOf(run);
    if (!authors.has(key)) authors.set(key, { key, name: run.name, colour: (authors.size % AUTHOR_COLOURS) + 1 });
  }
  return [...authors.values()];
}

export function colourOf(authors: readonly Author[], run: { person?: string; name: string }): number {
  return authors.find((author) => author.key === keyOf(run))?.colour ?? 1;
}

/** Neighbouring runs of one author as one, so that a sentence typed in two goes is read out in one. */
export function joinRuns(runs: readonly AuthorRun[]): AuthorRun[] {
  const joined: AuthorRun[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    if (last && keyOf(last) === keyOf(run)) {
      joined[joined.length - 1] = { ...last, text: last.text + run.text, at: Math.max(last.at, run.at) };
    } else {
      joined.push(run);
    }
  }
  return joined;
}
