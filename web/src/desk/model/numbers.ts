// The numbers at the head of the desk, in their order, and the list each one opens. Pure.

import type { Numbers } from './answers.ts';
import { writeDoorFilters, writeVisitFilters } from './filters.ts';

export type NumberName =
  | 'doors' | 'visited_doors' | 'no_answer_doors' | 'never_visited_doors'
  | 'visits' | 'waiting_review' | 'tray' | 'phones_silent';

export interface NumberCell {
  name: NumberName;
  value: number;
  /** The list that the number counts. */
  opens: string;
  /** Something here waits for a supervisor. */
  calls: boolean;
}

/** Doors first, then what was written, then what waits for the desk. None of them is per worker. */
export function numberCells(numbers: Numbers): NumberCell[] {
  const cell = (name: NumberName, value: number, opens: string, calls = false): NumberCell =>
    ({ name, value, opens, calls: calls && value > 0 });
  return [
    cell('doors', numbers.doors, '/doors'),
    cell('visited_doors', numbers.visited_doors, `/doors${writeDoorFilters({ seen: 'visited' })}`),
    cell('no_answer_doors', numbers.no_answer_doors, `/doors${writeDoorFilters({ seen: 'no_answer' })}`),
    cell('never_visited_doors', numbers.never_visited_doors, `/doors${writeDoorFilters({ seen: 'never' })}`),
    cell('visits', numbers.visits, '/visits'),
    cell('waiting_review', numbers.waiting_review, `/visits${writeVisitFilters({ review: 'waiting' })}`, true),
    cell('tray', numbers.tray, '/tray', true),
    cell('phones_silent', numbers.phones_silent.length, '/phones', true),
  ];
}
