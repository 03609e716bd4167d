// The frames that Rust writes, read and written here; and packs in any pieces.

import { array, assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, fromHex, toHex } from '../bytes.ts';
import { fixture } from '../testing/platform.ts';
import { HISTORY_ALL, type Frame } from './frames.ts';
import { PackReader, writePack } from './pack.ts';
import { frameOf, itemsOf } from './wire-one.ts';

interface Golden { name: string; hex: string; json: Record<string, unknown> | null }

const golden = await fixture<Golden[]>('frames.json');
/** Spelled as a newer or less thrifty writer might: they are read, but this version writes them shorter. */
const READ_ONLY = new Set([
  'notice with items of a newer version', 'hello of a phone that says less of its feeds', 'receipt spelled with wide numbers',
]);

function framesIn(bytes: Uint8Array): Frame[] {
  return new PackReader().push(bytes).flatMap((items) => frameOf(items) ?? []);
}

/** A frame as the fixture spells it: bytes as hex, long numbers as decimal text. */
function spelled(frame: Frame): unknown {
  return JSON.parse(JSON.stringify(frame, (_key, value: unknown) => {
    if (typeof value === 'bigint') return String(value);
    return value instanceof Uint8Array ? toHex(value) : value;
  }));
}

describe.each(golden)('$name', ({ name, hex, json }) => {
  const frames = framesIn(fromHex(hex));

  it('reads as the server means it', () => {
    expect(frames.map(spelled)).toEqual(json === null ? [] : [json]);
  });

  it.skipIf(json === null || READ_ONLY.has(name))('is written in the same bytes', () => {
    expect(toHex(writePack(frames.map(itemsOf)))).toBe(hex);
  });
});

describe('a pack', () => {
  const whole = concat(golden.map(({ hex }) => fromHex(hex)));
  const all = framesIn(whole);

  it('gives the same frames in whatever pieces it arrives', () => {
    assert(property(array(integer({ min: 1, max: 97 }), { minLength: 1, maxLength: 40 }), (sizes) => {
      const reader = new PackReader();
      const frames: Frame[] = [];
      for (let at = 0, turn = 0; at < whole.length; turn++) {
        const size = sizes[turn % sizes.length] ?? 1;
        frames.push(...reader.push(whole.subarray(at, at + size)).flatMap((items) => frameOf(items) ?? []));
        at += size;
      }
      expect(frames).toEqual(all);
    }));
  });

  it('cut at any byte gives the frames before the cut and no other', () => {
    for (let cut = 0; cut <= whole.length; cut++) {
      const frames = framesIn(whole.subarray(0, cut));
      expect(frames).toEqual(all.slice(0, frames.length));
    }
  });

  it.each([
    ['a length without end', 'ffffffffffff'],
    ['a frame that is no list', '01f6'],
    ['an id of the wrong length', '0482024101'],
    ['a frame longer than any document', 'ffffff7f'],
  ])('with %s is refused, not guessed at', (_what, hex) => {
    expect(() => framesIn(fromHex(hex))).toThrow(TypeError);
  });

  it('carries the largest history exactly', () => {
    const feed = { feed: '00000000-0000-4000-8000-000000000000', cursor: 0, digest: HISTORY_ALL, history: HISTORY_ALL, complete: 0 };
    const [hello] = framesIn(writePack([itemsOf({ frame: 'hello', version: 1, clock_ms: 0, feeds: [feed], people: 0, app: '' })]));
    expect(hello).toMatchObject({ feeds: [{ digest: HISTORY_ALL, history: HISTORY_ALL }] });
  });
});
