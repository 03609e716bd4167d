import { expect, test } from 'vitest';
import { doorName, inBuildingOrder, inNameOrder, partsOf } from './words.ts';

test('a door is named as it is said', () => {
  expect(doorName({ building: '3', unit: '2', label: '501' })).toBe('3-2-501');
  expect(doorName({ building: '3', unit: '', label: '501' })).toBe('3-501');
  expect(doorName(undefined)).toBe('');
});

test('buildings stand as people count them', () => {
  expect(inBuildingOrder(['10', '2', '1', 'A'])).toEqual(['1', '2', '10', 'A']);
});

test('workers stand in the order of their names and in no other', () => {
  const named = inNameOrder([{ name: '周明月', visits: 900 }, { name: '陈小满', visits: 1 }, { name: '林秋实', visits: 50 }]);
  expect(named.map((worker) => worker.name)).toEqual(['陈小满', '林秋实', '周明月']);
});

const changes: [name: string, fields: string[], parts: string[]][] = [
  ['the first change made the visit, whatever else it filled', ['door', 'at', 'by', 'note', 'outcome'], ['made']],
  ['a part that was touched twice is named once', ['checks/gas', 'checks/water', 'note'], ['checks', 'note']],
  ['who reviewed and when is part of the review', ['review/state', 'review/by', 'review/at'], ['review/state']],
  ['a comment is named beside the review', ['review/comment', 'review/state'], ['review/comment', 'review/state']],
  ['what this app does not know is still a change', ['weather'], ['other']],
];
test.each(changes)('%s', (_name, fields, parts) => {
  expect(partsOf(fields)).toEqual(parts);
});
