import { expect, test } from 'vitest';
import { doorName, inBuildingOrder, inNameOrder, wordOf } from './words';

const outcomes = [{ code: 'met', zh: '见面', en: 'met', order: 1 }, { code: 'phone', zh: '电话', order: 2 }];

test('a code is shown in the reader\'s language, in Chinese where the list has no other, as it stands when unknown', () => {
  expect(wordOf(outcomes, 'met', 'zh')).toBe('见面');
  expect(wordOf(outcomes, 'met', 'en')).toBe('met');
  expect(wordOf(outcomes, 'phone', 'en')).toBe('电话');
  expect(wordOf(outcomes, 'moved_away', 'zh')).toBe('moved_away');
  expect(wordOf(outcomes, undefined, 'zh')).toBe('');
});

test('a door is named as it is said', () => {
  expect(doorName({ id: 'd', building: '3', unit: '2', label: '501' })).toBe('3-2-501');
  expect(doorName(undefined)).toBe('');
});

test('buildings stand as people count them', () => {
  expect(inBuildingOrder(['10', '2', '1', 'A'])).toEqual(['1', '2', '10', 'A']);
});

test('workers stand in the order of their names and in no other', () => {
  const named = inNameOrder([{ name: '周明月', visits: 900 }, { name: '陈小满', visits: 1 }, { name: '林秋实', visits: 50 }]);
  expect(named.map((worker) => worker.name)).toEqual(['陈小满', '林秋实', '周明月']);
});
