import { describe, expect, it } from 'vitest';
import { authorsOf } from '../../app/authors.ts';
import { en } from '../../app/i18n/en.ts';
import { zh } from '../../app/i18n/zh.ts';
import type { AuthorRun, HistoryEntry } from '../../bridge/types.ts';
import { authorsIn, fieldsText, mergeSentence } from './visit-model.ts';

const run = (person: string, name: string): AuthorRun => ({ text: '字', person, name, at: 1 });
const chen = run('chen', '陈小满');
const lin = run('lin', '林秋实');
const zhao = run('zhao', '赵一鸣');

describe('the sentence of a merge', () => {
  const cases: [string, AuthorRun[], string | undefined, string | null][] = [
    ['speaks to me of my colleague', [chen, lin], 'chen', '你和林秋实都改了这段，两段都在。'],
    ['puts me first whoever began', [lin, chen], 'chen', '你和林秋实都改了这段，两段都在。'],
    ['names both when I am neither', [chen, lin], 'zhou', '陈小满和林秋实都改了这段，两段都在。'],
    ['counts up to the last of three', [chen, lin, zhao], 'chen', '你、林秋实和赵一鸣都改了这段，两段都在。'],
    ['is not said of one author', [chen, chen], 'chen', null],
    ['is not said of an empty note', [], 'chen', null],
  ];
  it.each(cases)('%s', (_name, runs, me, expected) => {
    expect(mergeSentence(authorsOf(runs), me, zh)).toBe(expected);
  });

  it('is there in English too', () => {
    expect(mergeSentence(authorsOf([chen, lin]), 'chen', en)).toContain('You and 林秋实 edited this text');
  });
});

describe('authors of the page', () => {
  it('are narrowed to those of one text', () => {
    const all = authorsOf([chen, lin], [zhao]);
    expect(authorsIn([chen, lin], all).map((author) => author.key)).toEqual(['chen', 'lin']);
  });
});

describe('the fields a change wrote', () => {
  it('are named once each, without the bookkeeping of a review', () => {
    const entry = { fields: ['note', 'checks/gas', 'checks/gas', 'review/by', 'review/at', 'review/comment'] } as HistoryEntry;
    expect(fieldsText(entry, (path) => path.toUpperCase(), zh)).toBe('NOTE、CHECKS/GAS、REVIEW/COMMENT');
  });
});
