import { expect, test } from 'vitest';
import { phoneState, type PhoneState } from './phones.ts';

const noon = Date.UTC(2026, 10, 22, 4);
const HOUR = 3_600_000;
const cases: [name: string, last: number | undefined, state: PhoneState][] = [
  ['a phone that was never heard from says so', undefined, 'never'],
  ['a phone heard from this morning is heard', noon - 11 * HOUR, 'heard'],
  ['a phone last heard from before midnight in China may carry visits', noon - 13 * HOUR, 'unheard'],
  ['after three days it is silent', noon - 72 * HOUR, 'silent'],
];
test.each(cases)('%s', (_name, last, state) => {
  expect(phoneState(last, noon)).toBe(state);
});
