import { expect, test } from 'vitest';
import type { VisitAnswer, VisitSummary } from './answers.ts';
import { LOOKED_AT_NOTHING, beginReading, isFresh, lookAt, readLooked, writeLooked } from './fresh.ts';

const visit = (id: string, received_at: number, summary: Partial<VisitSummary> = {}): VisitAnswer => ({
  id, feed: 'g', received_at, summary: { kind: 'visit', note: '一切都好。', note_chars: 5, outcome: 'met', ...summary },
});

test('on the very first look nothing is marked as new', () => {
  expect(isFresh(LOOKED_AT_NOTHING, visit('a', 5))).toBe(false);
});

test('what arrived after the desk was last read is new, what was there is not', () => {
  const looked = beginReading(LOOKED_AT_NOTHING, 100);
  expect(isFresh(looked, visit('a', 100))).toBe(false);
  expect(isFresh(looked, visit('a', 101))).toBe(true);
});

test('opening a visit takes its mark away, and words merged into it later bring it back', () => {
  const looked = lookAt(beginReading(LOOKED_AT_NOTHING, 100), visit('a', 150));
  expect(isFresh(looked, visit('a', 150))).toBe(false);
  expect(isFresh(looked, visit('b', 150))).toBe(true);
  for (const merged of [{ note: '一切都好，女儿也在。' }, { conflicts: ['outcome'] }, { checks: { gas: 'problem' } }]) {
    expect(isFresh(looked, visit('a', 150, merged))).toBe(true);
  }
});

test('the desk\'s own review makes nothing new', () => {
  const looked = lookAt(LOOKED_AT_NOTHING, visit('a', 150));
  expect(isFresh(looked, visit('a', 150, { review: { state: 'accepted', comment: '好' } }))).toBe(false);
});

test('the order of checks makes nothing new', () => {
  const looked = lookAt(LOOKED_AT_NOTHING, visit('a', 1, { checks: { gas: 'ok', water: 'ok' } }));
  expect(isFresh(looked, visit('a', 1, { checks: { water: 'ok', gas: 'ok' } }))).toBe(false);
});

test('what is remembered survives being written and read, and rubbish is nothing', () => {
  const looked = lookAt(beginReading(LOOKED_AT_NOTHING, 100), visit('a', 150));
  expect(readLooked(writeLooked(looked))).toEqual(looked);
  for (const rubbish of [null, '', '{', '[]', '{"until":"x"}', '7']) {
    expect(readLooked(rubbish)).toEqual(LOOKED_AT_NOTHING);
  }
});

test('a later reading still knows what was said when a visit was opened', () => {
  const looked = beginReading(lookAt(LOOKED_AT_NOTHING, visit('a', 150)), 900);
  expect(isFresh(looked, visit('a', 150))).toBe(false);
  expect(isFresh(looked, visit('a', 150, { note: '又补了一句。' }))).toBe(true);
});
