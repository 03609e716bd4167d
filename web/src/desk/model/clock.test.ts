import { expect, test } from 'vitest';
import { clockState, type ClockState } from './clock.ts';

const MINUTE = 60_000;
const cases: [name: string, error_ms: number | undefined, state: ClockState][] = [
  ['a phone never heard from has an unknown clock', undefined, { kind: 'unknown' }],
  ['a minute is right enough', MINUTE, { kind: 'good' }],
  ['server time ahead of the phone means the phone is behind', -5 * MINUTE, { kind: 'behind', count: 5, unit: 'minutes' }],
  ['hours are said as hours', 180 * MINUTE, { kind: 'ahead', count: 3, unit: 'hours' }],
  ['three years are said as days', 3 * 365 * 24 * 60 * MINUTE, { kind: 'ahead', count: 1_095, unit: 'days' }],
];
test.each(cases)('%s', (_name, error_ms, state) => {
  expect(clockState(error_ms)).toEqual(state);
});
