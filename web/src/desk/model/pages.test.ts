import { expect, test } from 'vitest';
import type { Page } from './answers.ts';
import { extend, join, neighbour, pagesFor } from './pages.ts';

const page = (ids: string[], total: number, as_of = 1): Page<{ id: string }> => ({ as_of, total, rows: ids.map((id) => ({ id })) });
const idOf = (row: { id: string }) => row.id;

test('a visit that arrived between two pages pushes rows down, and none is shown twice', () => {
  const list = extend(page(['c', 'b'], 4), page(['b', 'a'], 5, 9), idOf);
  expect(list.rows.map(idOf)).toEqual(['c', 'b', 'a']);
  expect(list).toMatchObject({ total: 5, as_of: 9 });
});

test('a list read again shows as many rows as before, in whole pages', () => {
  expect(pagesFor(0, 100)).toEqual([{ offset: 0, limit: 100 }]);
  expect(pagesFor(250, 100).map((each) => each.offset)).toEqual([0, 100, 200]);
  expect(join([page(['c', 'b'], 3), page(['a'], 3)], idOf).rows).toHaveLength(3);
});

test('j and k stop at the ends, and start at the first row', () => {
  const ids = ['a', 'b', 'c'];
  expect(neighbour(ids, undefined, 1)).toBe('a');
  expect(neighbour(ids, 'a', 1)).toBe('b');
  expect(neighbour(ids, 'c', 1)).toBe('c');
  expect(neighbour(ids, 'a', -1)).toBe('a');
  expect(neighbour(ids, 'gone', 1)).toBe('a');
  expect(neighbour([], undefined, 1)).toBeUndefined();
});

test('a row that left the list leads to the one that took its place', () => {
  expect(neighbour(['a', 'c'], 'b', 1, 1)).toBe('c');
  expect(neighbour(['a', 'b'], 'c', 1, 2)).toBe('b');
});
