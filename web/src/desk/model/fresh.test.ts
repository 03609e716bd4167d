import { expect, test } from 'vitest';
import { LOOKED_AT_NOTHING, beginReading, isFresh, lookAt, readLooked, writeLooked } from './fresh.ts';

test('on the very first look nothing is marked as new', () => {
  expect(isFresh(LOOKED_AT_NOTHING, 'a', 5)).toBe(false);
});

test('what arrived after the desk was last read is new, what was there is not', () => {
  const looked = beginReading(LOOKED_AT_NOTHING, 100);
  expect(isFresh(looked, 'a', 100)).toBe(false);
  expect(isFresh(looked, 'a', 101)).toBe(true);
});

test('opening a visit takes its mark away, and a later merge brings it back', () => {
  const looked = lookAt(beginReading(LOOKED_AT_NOTHING, 100), 'a', 150);
  expect(isFresh(looked, 'a', 150)).toBe(false);
  expect(isFresh(looked, 'b', 150)).toBe(true);
  expect(isFresh(looked, 'a', 151)).toBe(true);
});

test('what is remembered survives being written and read, and rubbish is nothing', () => {
  const looked = lookAt(beginReading(LOOKED_AT_NOTHING, 100), 'a', 150);
  expect(readLooked(writeLooked(looked))).toEqual(looked);
  for (const rubbish of [null, '', '{', '[]', '{"until":"x"}', '7']) {
    expect(readLooked(rubbish)).toEqual(LOOKED_AT_NOTHING);
  }
});

test('a new reading forgets the visits that its mark already covers', () => {
  const looked = lookAt(lookAt(beginReading(LOOKED_AT_NOTHING, 100), 'a', 150), 'b', 300);
  expect(beginReading(looked, 200).visits).toEqual([['b', 300]]);
});
