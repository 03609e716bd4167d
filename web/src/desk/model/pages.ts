// A long list that is read page by page, and read again while it is open.
// Pure: which pages to ask for and how what comes is put together. Asking is reading.ts.

import type { TimeMs } from '../../bridge/types.ts';
import type { Page } from './answers.ts';

/** Rows of a list that are read at once while scrolling. */
export const PAGE_ROWS = 100;
/** The most rows the server gives in one answer. */
export const MOST_ROWS = 200;

export interface List<Row> {
  as_of: TimeMs;
  total: number;
  rows: Row[];
}

/** Puts the next page under the rows there are. A row that moved down in between is not shown twice. */
export function extend<Row>(list: List<Row>, page: Page<Row>, idOf: (row: Row) => string): List<Row> {
  const shown = new Set(list.rows.map(idOf));
  return {
    as_of: page.as_of,
    total: page.total,
    rows: [...list.rows, ...page.rows.filter((row) => !shown.has(idOf(row)))],
  };
}

/** Puts pages that were read together, in order, into one list; the newest word on time and total counts. */
export function join<Row>(pages: readonly Page<Row>[], idOf: (row: Row) => string): List<Row> {
  const empty: List<Row> = { as_of: 0, total: 0, rows: [] };
  return pages.reduce((list, page) => extend(list, page, idOf), empty);
}

/** The pages that show again what is shown now: offset and limit of each. At least one. */
export function pagesFor(shown: number, limit: number): { offset: number; limit: number }[] {
  const count = Math.max(1, Math.ceil(shown / limit));
  return Array.from({ length: count }, (_, index) => ({ offset: index * limit, limit }));
}

/**
 * Where j and k lead from a row: the row `step` further, held at both ends. A row that has left the list (it was
 * accepted, and only waiting ones are listed) leads to the one that took its place, `place`; none chosen, to the first.
 */
export function neighbour(
  ids: readonly string[], current: string | undefined, step: 1 | -1, place = 0,
): string | undefined {
  const index = current === undefined ? -1 : ids.indexOf(current);
  const wanted = index === -1 ? place : index + step;
  return ids[Math.min(ids.length - 1, Math.max(0, wanted))];
}
