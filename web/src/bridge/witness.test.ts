import { beforeEach, expect, test } from 'vitest';
import type { Witness } from './types.ts';
import { findLost, handOverLost, keepWitness, settleLost } from './witness.ts';

/** A localStorage of a few characters. */
class Small implements Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  readonly #kept = new Map<string, string>();
  getItem(key: string): string | null {
    return this.#kept.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    if (value.length > 400) throw new Error('QuotaExceededError');
    this.#kept.set(key, value);
  }
  removeItem(key: string): void {
    this.#kept.delete(key);
  }
}

beforeEach(() => {
  Object.defineProperty(globalThis, 'localStorage', { value: new Small(), configurable: true });
});

function witness(device: string, file = 'AAAA'): Witness {
  return { device, person: { id: 'p', name: '陈小满' }, community: '蓝湖', at: 1, unsent: [{ document: 'v', hash: 'h', place: '3-2-501', at: 2 }], file };
}

test('a store that is the one it was is not lost', () => {
  keepWitness(witness('one'));
  expect(findLost('one')).toBeUndefined();
});

test('a store that is gone is told of with all that was unsent, also after somebody enrolled anew, until it is settled', () => {
  keepWitness(witness('one'));
  expect(findLost(null)).toEqual(witness('one'));
  keepWitness(witness('two'));
  expect(findLost('two')).toEqual(witness('one'));
  settleLost();
  expect(findLost('two')).toBeUndefined();
});

test('who left on purpose has lost nothing, and so has a browser that never had a store', () => {
  keepWitness(witness('one'));
  keepWitness(null);
  expect(findLost(null)).toBeUndefined();
});

test('who leaves takes the list of what was lost along; words that are nowhere else stay', async () => {
  keepWitness(witness('one'));
  findLost(null);
  keepWitness(null);
  expect(findLost(null)?.file).toBe('AAAA');
  await handOverLost(async () => ({ state: 'taken' }));
  keepWitness(null);
  expect(findLost(null)).toBeUndefined();
});

test.each([['waiting', undefined], ['taken', undefined], ['partly', undefined], ['refused', 'AAAA']] as const)(
  'a copy whose file is %s is kept here as %s', async (state, file) => {
    keepWitness(witness('one'));
    findLost(null);
    await handOverLost(async () => ({ state }));
    expect(findLost(null)?.unsent).toHaveLength(1);
    expect(findLost(null)?.file).toBe(file);
  },
);

test('a copy that nobody could take stays', async () => {
  keepWitness(witness('one'));
  findLost(null);
  await expect(handOverLost(() => Promise.reject(new Error('no store')))).rejects.toThrow('no store');
  expect(findLost(null)?.file).toBe('AAAA');
});

test('what does not fit is kept without the words', () => {
  keepWitness(witness('one', 'A'.repeat(1000)));
  expect(findLost(null)?.unsent).toHaveLength(1);
  expect(findLost(null)?.file).toBeUndefined();
});

test('a browser that forbids it changes nothing', () => {
  Object.defineProperty(globalThis, 'localStorage', { get: () => { throw new Error('forbidden'); }, configurable: true });
  keepWitness(witness('one'));
  expect(findLost(null)).toBeUndefined();
});
