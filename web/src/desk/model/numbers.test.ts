import { expect, test } from 'vitest';
import type { Numbers } from './answers.ts';
import { numberCells } from './numbers.ts';

const numbers: Numbers = {
  as_of: 1, doors: 2_250, visited_doors: 2_001, no_answer_doors: 120, never_visited_doors: 249, visits: 9_874,
  waiting_review: 0, tray: 3, phones: 11, phones_silent: [{ device: 'd', name: '陈小满' }], phones_unheard: 4,
};

test('each number opens the list that it counts', () => {
  const opens = Object.fromEntries(numberCells(numbers).map((cell) => [cell.name, cell.opens]));
  expect(opens).toEqual({
    doors: '/doors',
    visited_doors: '/doors?seen=visited',
    no_answer_doors: '/doors?seen=no_answer',
    never_visited_doors: '/doors?seen=never',
    visits: '/visits',
    waiting_review: '/visits?review=waiting',
    tray: '/tray',
    phones_silent: '/phones',
  });
});

test('only what waits for the desk calls for it, and nothing does at zero', () => {
  const calling = numberCells(numbers).filter((cell) => cell.calls).map((cell) => cell.name);
  expect(calling).toEqual(['tray', 'phones_silent']);
});
