import { describe, expect, it } from 'vitest';
import { zh } from '../../app/i18n/zh.ts';
import type { Status } from '../../bridge/types.ts';
import { bytesText, clockSentence, holdsSentence, installHint } from './mine-model.ts';

describe('the clock of the phone', () => {
  const cases: [string, number | undefined, string | null][] = [
    ['is not spoken of before it is known', undefined, null],
    ['is right enough within two minutes', 119_000, null],
    ['slow by minutes', 10 * 60_000, '慢了10 分钟'],
    ['fast by hours', -5 * 3_600_000, '快了5 小时'],
    ['three years slow, in days', 3 * 365 * 86_400_000, '慢了1095 天'],
  ];
  it.each(cases)('%s', (_name, error, expected) => {
    expect(clockSentence(error, zh)?.split('。')[0] ?? null).toBe(expected && `这台手机的时钟${expected}`);
  });
});

describe('what the phone holds', () => {
  it.each([[900, '1 kB'], [99_999, '100 kB'], [3_440_000, '3.4 MB']])('%i bytes are %s', (bytes, expected) => {
    expect(bytesText(bytes)).toBe(expected);
  });

  it('is told without the space when the browser keeps it to itself', () => {
    expect(holdsSentence({ doors: 450, visits: 2000 } as Status, zh)).toBe('存着 450 户、2000 次走访。');
    expect(holdsSentence({ doors: 1, visits: 2, storage_used_bytes: 5_000_000 } as Status, zh)).toBe('存着 1 户、2 次走访，占 5.0 MB。');
  });
});

describe('the way to the home screen', () => {
  const cases: [string, boolean, string, string | null][] = [
    ['is not shown to who is there already', true, 'Android Chrome/120', null],
    ['leads out of WeChat first', false, 'iPhone MicroMessenger/8.0', zh.mine.installWeChat],
    ['is the share button on an iPhone', false, 'Mozilla/5.0 (iPhone)', zh.mine.installIos],
    ['is the menu elsewhere', false, 'Mozilla/5.0 (Linux; Android 12) Chrome/120', zh.mine.installHint],
  ];
  it.each(cases)('%s', (_name, installed, userAgent, expected) => {
    expect(installHint({ installed, userAgent }, zh)).toBe(expected);
  });
});
