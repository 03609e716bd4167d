import { expect, test } from 'vitest';
import type { AuthorRun } from '../../bridge/types';
import { AUTHOR_COLOURS, authorsOf } from './authors';

const run = (person: string, at: number, text = '字'): AuthorRun => ({ text, person, name: `名${person}`, at });

test('an author of several runs is named once, with the first and the last time', () => {
  const [first, second] = authorsOf([run('chen', 30), run('lin', 20), run('chen', 10)]);
  expect(first).toMatchObject({ key: 'chen', first_at: 10, last_at: 30 });
  expect(second).toMatchObject({ key: 'lin', first_at: 20, last_at: 20 });
});

test('authors of one note never share a colour while there are colours left', () => {
  const runs = Array.from({ length: AUTHOR_COLOURS }, (_, index) => run(`p${index}`, index));
  expect(new Set(authorsOf(runs).map((author) => author.colour)).size).toBe(AUTHOR_COLOURS);
});

test('more authors than colours still all have one', () => {
  const runs = Array.from({ length: AUTHOR_COLOURS + 3 }, (_, index) => run(`p${index}`, index));
  for (const author of authorsOf(runs)) expect(author.colour).toBeLessThan(AUTHOR_COLOURS);
});

test('a person alone in a note has the same colour in every note', () => {
  expect(authorsOf([run('lin', 1)])[0]?.colour).toBe(authorsOf([run('lin', 9, '别的')])[0]?.colour);
});

test('an author whose person is unknown is told apart by name', () => {
  expect(authorsOf([{ text: 'a', name: '甲', at: 1 }, { text: 'b', name: '乙', at: 2 }])).toHaveLength(2);
});
