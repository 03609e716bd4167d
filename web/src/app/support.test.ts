import { describe, expect, it } from 'vitest';
import { isInsideWeChat, missingFrom, type Missing, type Surroundings } from './support.ts';

const whole: Surroundings = {
  isSecureContext: true, indexedDB: {}, Worker: {}, CompressionStream: {}, DecompressionStream: {},
  FinalizationRegistry: {}, WebAssembly, navigator: { locks: {} },
};

describe('what the browser must have', () => {
  const cases: [string, Partial<Surroundings>, Missing[]][] = [
    ['nothing is missing from a new browser', {}, []],
    ['an insecure address is said alone', { isSecureContext: false, navigator: {}, indexedDB: undefined }, ['secure_context']],
    ['no Web Locks', { navigator: {} }, ['locks']],
    ['no CompressionStream', { CompressionStream: undefined }, ['compression']],
    ['no WebAssembly', { WebAssembly: undefined }, ['engine']],
    ['WebAssembly too old for exceptions', { WebAssembly: { validate: () => false } }, ['engine']],
    ['storage forbidden and no worker', { indexedDB: undefined, Worker: undefined }, ['storage', 'worker']],
  ];
  it.each(cases)('%s', (_name, change, expected) => {
    expect(missingFrom({ ...whole, ...change })).toEqual(expected);
  });
});

describe('the browser inside WeChat', () => {
  it('is known by its name', () => {
    expect(isInsideWeChat('Mozilla/5.0 (Linux; Android 12) MicroMessenger/8.0.47')).toBe(true);
    expect(isInsideWeChat('Mozilla/5.0 (Linux; Android 12) Chrome/120')).toBe(false);
  });
});
