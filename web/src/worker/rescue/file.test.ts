// What Rust writes of a rescue file, read and written here (`tests/fixtures/rescue.json`).

import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../bytes.ts';
import { fixture } from '../testing/platform.ts';
import { readRescueFile, writeRescueFile, type RescueContents } from './file.ts';

interface Golden { token: string; words: string; hex: string; json: Omit<RescueContents, 'items'> & { items: { bytes: string }[] } }
const golden = await fixture<Golden>('rescue.json');
const contents = {
  ...golden.json, items: golden.json.items.map((item) => ({ ...item, bytes: fromHex(item.bytes) })),
} as unknown as RescueContents;

describe('the rescue file', () => {
  test('is written byte for byte as the program writes it', async () => {
    expect(toHex(await writeRescueFile(contents, golden.words, golden.token))).toBe(golden.hex);
  });

  test('says what was written', () => {
    expect(readRescueFile(fromHex(golden.hex))).toEqual(contents);
  });

  test('is refused in words when it is cut off, newer, or something else', () => {
    const file = fromHex(golden.hex);
    for (const [bytes, code] of [
      [fromHex('504b0304'), 'not_a_rescue_file'],
      [new TextEncoder().encode('stairwell rescue 2\n'), 'rescue_version_unknown'],
      [file.subarray(0, 40), 'rescue_damaged'],
      [file.subarray(0, file.length - 1), 'rescue_damaged'],
    ] as const) {
      expect(() => readRescueFile(bytes)).toThrow(expect.objectContaining({ code }));
    }
  });
});
