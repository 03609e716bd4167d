import { describe, expect, it } from 'vitest';
import { zh } from '../../app/i18n/zh.ts';
import type { Status } from '../../bridge/types.ts';
import { bytesText, clockSentence, failureOf, holdsSentence, installHint, stateOf } from './mine-model.ts';

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

const at = (more: Partial<Status>): Status => ({ online: true, exchanging: false, waiting: 0, held: [], ...more }) as Status;
const item = (status: 'held' | 'refused') => ({ document: 'd', at: 1, reason: 'tray_full', status });

describe('whether all is at the office', () => {
  const cases: [string, Partial<Status>, 'on_server' | 'sending' | 'on_phone' | 'refused', string][] = [
    ['yes when nothing waits', {}, 'on_server', zh.mine.allThere],
    ['yes with what the office keeps in its tray', { held: [item('held')] }, 'on_server', zh.mine.allThere],
    ['no while something waits', { waiting: 2, held: [item('refused')] }, 'on_phone', zh.mine.waiting(2)],
    ['no while something is on its way', { waiting: 2, exchanging: true }, 'sending', zh.mine.waiting(2)],
    ['no when the office refused something: only this phone has it', { held: [item('refused')] }, 'refused', zh.mine.refused(1)],
  ];
  it.each(cases)('%s', (_name, status, mark, sentence) => {
    expect(stateOf(at(status), zh)).toEqual({ mark, sentence });
  });
});

describe('what went wrong with the exchange', () => {
  const unknown = { code: 'token_unknown', zh: '平台不认识这台手机', en: '' };
  const offline = { code: 'offline', zh: '现在没有信号，等有信号再试', en: '' };
  const cases: [string, Partial<Status>, boolean, string | undefined][] = [
    ['is nothing when all went well', {}, true, undefined],
    ['is told even if nothing waits, for nothing comes either', { last_error: unknown }, false, 'token_unknown'],
    ['is told when the phone has no network and the person asked', { online: false, last_error: offline }, true, 'offline'],
    ['is not told of being offline, which is ordinary, to who did not ask', { online: false, waiting: 3, last_error: offline }, false, undefined],
    ['is not told of a bad moment of the network while nothing waits', { last_error: offline }, false, undefined],
    ['is told of a bad moment of the network while something waits', { waiting: 1, last_error: offline }, false, 'offline'],
  ];
  it.each(cases)('%s', (_name, status, asked, code) => {
    expect(failureOf(at(status), asked)?.code).toBe(code);
  });
});

describe('what the phone holds', () => {
  it.each([[900, '1 kB'], [99_999, '100 kB'], [3_440_000, '3.4 MB'], [2_500_000_000, '2.5 GB']])('%i bytes are %s', (bytes, expected) => {
    expect(bytesText(bytes)).toBe(expected);
  });

  it('is told without the space when the browser keeps it to itself', () => {
    expect(holdsSentence({ doors: 450, visits: 2000 } as Status, zh)).toBe('存着 450 户、2000 次走访。');
    expect(holdsSentence({ doors: 1, visits: 2, storage_used_bytes: 5_000_000 } as Status, zh)).toBe('存着 1 户、2 次走访，占 5.0 MB。');
    const told = { doors: 1, visits: 2, storage_used_bytes: 5_000_000, storage_quota_bytes: 2_505_000_000 } as Status;
    expect(holdsSentence(told, zh)).toBe('存着 1 户、2 次走访，占 5.0 MB，还可用 2.5 GB。');
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
