import { expect, test } from 'vitest';
import type { DoorAnswer } from './answers.ts';
import { blocksOf } from './windows.ts';

const DAY = 86_400_000;
const now = 1_000 * DAY;

function door(building: string, floor: number, label: string, more: Partial<DoorAnswer> = {}): DoorAnswer {
  return {
    id: `${building}-${label}`, feed: 'g', seen: 'never',
    summary: { kind: 'door', building, unit: '1', floor, label }, ...more,
  };
}

const cases: [name: string, more: Partial<DoorAnswer>, light: string][] = [
  ['a door never visited is dark', {}, 'dark'],
  ['a door met lately is lit', { seen: 'visited', last_visit: { at: now - 10 * DAY, outcome: 'met' } }, 'lit'],
  ['a door met too long ago is due', { seen: 'visited', last_visit: { at: now - 200 * DAY, outcome: 'met' } }, 'due'],
  ['a door where nobody ever answered is dark', { seen: 'no_answer', last_visit: { at: now - DAY, outcome: 'no_answer' } }, 'dark'],
  ['a door met before, and not last time, is due', { seen: 'visited', last_visit: { at: now - DAY, outcome: 'no_answer' } }, 'due'],
];
test.each(cases)('%s', (_name, more, light) => {
  expect(blocksOf([door('1', 1, '101', more)], now)[0]?.face.floors[0]?.doors[0]?.light).toBe(light);
});

test('buildings stand as people count them, floors from the top down', () => {
  const blocks = blocksOf([door('10', 1, '101'), door('2', 1, '101'), door('2', 3, '301')], now);
  expect(blocks.map((block) => block.row.building)).toEqual(['2', '10']);
  expect(blocks[0]?.face.floors.map((floor) => floor.floor)).toEqual([3, 1]);
});
