import { describe, expect, it } from 'vitest';
import type { AuthorRun } from '../bridge/types.ts';
import { authorsOf, colourOf, joinRuns } from './authors.ts';

const run = (text: string, person: string, at = 1): AuthorRun => ({ text, person, name: `名${person}`, at });

describe('authors of a text', () => {
  it('take their colours in order of first appearance, the same in every text of the page', () => {
    const authors = authorsOf([run('a', '1'), run('b', '2'), run('c', '1')], [run('d', '3'), run('e', '2')]);
    expect(authors.map((author) => [author.key, author.colour])).toEqual([['1', 1], ['2', 2], ['3', 3]]);
    expect(colourOf(authors, run('x', '2'))).toBe(2);
  });

  it('share a colour from the seventh on', () => {
    const authors = authorsOf(Array.from({ length: 7 }, (_, index) => run('x', `${index}`)));
    expect(authors.at(-1)?.colour).toBe(1);
  });

  it('are told apart by name when the person is not known', () => {
    const authors = authorsOf([{ text: 'a', name: '甲', at: 1 }, { text: 'b', name: '乙', at: 1 }]);
    expect(authors).toHaveLength(2);
  });
});

describe('neighbouring runs of one author', () => {
  it('become one, with the newest time', () => {
    expect(joinRuns([run('老', '1', 1), run('王', '1', 5), run('在', '2', 3), run('家', '1', 4)]))
      .toEqual([run('老王', '1', 5), run('在', '2', 3), run('家', '1', 4)]);
  });
});
