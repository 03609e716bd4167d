import { describe, expect, it } from 'vitest';
import { en } from './i18n/en.ts';
import { zh } from './i18n/zh.ts';
import { agoText, dateText, daysBetween, dueText, isoText, momentText, recentText } from './time.ts';

const at = (month: number, day: number, hour = 12, minute = 0, year = 2025): number => new Date(year, month - 1, day, hour, minute).getTime();
const NOW = at(11, 22, 0, 30);

describe('days between two moments', () => {
  it('are calendar days, not spans of 24 hours', () => {
    expect(daysBetween(at(11, 21, 23, 59), NOW)).toBe(1);
    expect(daysBetween(NOW, at(11, 22, 23, 59))).toBe(0);
    expect(daysBetween(NOW, at(11, 20))).toBe(-2);
  });
});

describe('a moment for machines', () => {
  it.each([0, NOW, -1e18, 9e15, Number.MAX_SAFE_INTEGER])('is written whatever a clock said: %i', (moment) => {
    expect(isoText(moment)).toMatch(/^[+-]?\d{4,6}-\d\d-\d\dT/);
  });
});

describe('a moment in words', () => {
  const cases: [number, string][] = [
    [at(11, 22, 0, 5), '今天 00:05'], [at(11, 21, 9, 30), '昨天 09:30'], [at(11, 3, 14, 5), '11月3日 14:05'],
    [at(11, 3, 14, 5, 2024), '2024年11月3日 14:05'],
  ];
  it.each(cases)('%i is %s', (moment, expected) => {
    expect(momentText(moment, NOW, zh)).toBe(expected);
  });

  it('is English where English is spoken', () => {
    expect(momentText(at(11, 3, 14, 5), NOW, en)).toBe('3 Nov 14:05');
  });
});

describe('how long ago', () => {
  it.each<[number, string]>([[at(11, 22, 0, 1), '今天'], [at(11, 21), '昨天'], [at(11, 10), '12 天前'], [at(12, 24), '12月24日']])(
    '%i is %s', (moment, expected) => { expect(agoText(moment, NOW, zh)).toBe(expected); },
  );

  it.each<[number, string]>([[NOW - 20_000, '刚才'], [NOW - 5 * 60_000, '5 分钟前'], [NOW - 61 * 60_000, '昨天 23:29'], [NOW + 60_000, '今天 00:31']])(
    'just now, %i is %s', (moment, expected) => { expect(recentText(moment, NOW, zh)).toBe(expected); },
  );
});

describe('how long there is', () => {
  it.each<[number | undefined, string]>([[2, '还剩 2 天'], [0, '今天该去'], [-3, '已过 3 天'], [undefined, '从未到访']])(
    '%s days left is %s', (days, expected) => { expect(dueText(days, zh)).toBe(expected); },
  );
});

describe('a date', () => {
  it('has its year only when it is another one', () => {
    expect([dateText(at(1, 5), NOW, zh), dateText(at(1, 5, 12, 0, 2023), NOW, zh)]).toEqual(['1月5日', '2023年1月5日']);
  });
});
