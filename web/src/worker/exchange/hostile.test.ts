// Answers whose bytes were changed on the way: each is refused, or read; nothing else happens. The decoders of the
// office are tried in `crates/fuzz`, and long; these here only within bounds.

import { array, assert, asyncProperty, constantFrom, integer, nat, property, string, tuple, uint8Array } from 'fast-check';
import { expect, it } from 'vitest';
import { codeIn } from '../../app/enrol-code.ts';
import { concat, fromHex, type Bytes } from '../bytes.ts';
import { fixture } from '../testing/platform.ts';
import { VERSION_NEWEST, type Frame, type Shared, type Version } from './frames.ts';
import { readLean } from './lean.ts';
import { PackReader } from './pack.ts';
import { readResponse } from './wire.ts';

interface Golden { hex: string }
interface Common { device: string; community: string; clock_ms: number; feeds: string[] }

const one = (await fixture<Golden[]>('frames.json')).map(({ hex }) => fromHex(hex));
const lean = await fixture<{ common: Common; genesis: string; changes: Golden[]; frames: Golden[] }>('lean.json');
const two = lean.frames.map(({ hex }) => fromHex(hex));
const shared = (version: Version): Shared => ({ version, ...lean.common, sent: [] });

/** A place, how many bytes go, and what comes there. */
const changes = array(tuple(nat(5_000), integer({ min: 0, max: 4 }), uint8Array({ maxLength: 9 })), { minLength: 1, maxLength: 4 });

function changed(bytes: Uint8Array, places: readonly (readonly [number, number, Uint8Array])[]): Bytes {
  return places.reduce<Bytes>((now, [place, gone, come]) => {
    const at = place % (now.length + 1);
    return concat([now.subarray(0, at), come, now.subarray(at + gone)]);
  }, concat([bytes]));
}

/** All that a pack says; throws where it breaks. */
async function read(pack: Bytes, version: Version): Promise<Frame[]> {
  const frames: Frame[] = [];
  for (const items of new PackReader().push(pack)) frames.push(...await readResponse(items, shared(version)));
  return frames;
}

/** Either is well: something that was read, or an error that says why not. */
async function isReadOrRefused(reading: Promise<object>): Promise<boolean> {
  const outcome: unknown = await reading.catch((error: unknown) => error);
  return outcome instanceof Error || (typeof outcome === 'object' && outcome !== null);
}

it('an answer with changed bytes is refused or read, in either version', async () => {
  const packs = constantFrom<[Bytes, Version][]>([concat(one), 1], [concat(two), VERSION_NEWEST]);
  await assert(asyncProperty(packs, changes, async ([pack, version], places) => {
    expect(await isReadOrRefused(read(changed(pack, places), version))).toBe(true);
  }), { numRuns: 400, endOnFailure: true });
  expect(Object.keys(Object.prototype)).toEqual([]);
});

it('so is each of its frames alone, with its length set right', async () => {
  const frames = constantFrom<[Bytes, Version][]>(
    ...one.map((frame): [Bytes, Version] => [frame, 1]), ...two.map((frame): [Bytes, Version] => [frame, VERSION_NEWEST]),
  );
  await assert(asyncProperty(frames, changes, async ([frame, version], places) => {
    const width = frame.findIndex((byte) => byte < 0x80) + 1;
    const body = changed(frame.subarray(width), places);
    const length = Uint8Array.from([body.length % 128 | 0x80, Math.floor(body.length / 128)]);
    expect(await isReadOrRefused(read(concat([length, body]), version))).toBe(true);
  }), { numRuns: 600, endOnFailure: true });
});

it('a lean change with changed bytes is refused or read', async () => {
  const { device, community } = lean.common;
  const bytes = constantFrom(...lean.changes.map(({ hex }) => fromHex(hex).subarray(8)));
  await assert(asyncProperty(bytes, changes, async (known, places) => {
    const reading = readLean(changed(known, places), { device, community, genesis: lean.genesis, previous: lean.genesis });
    expect(await isReadOrRefused(reading)).toBe(true);
  }), { numRuns: 400, endOnFailure: true });
});

it('any text has an enrolment code of the right form in it, or none', () => {
  const texts = tuple(constantFrom('', '#enrol=', 'https://a.example/#enrol=', '#x=1&enrol='), string({ maxLength: 200 }));
  assert(property(texts, ([before, text]) => {
    expect(codeIn(before + text) ?? 'A'.repeat(16)).toMatch(/^[A-Za-z0-9_-]{16,128}$/);
  }));
});
