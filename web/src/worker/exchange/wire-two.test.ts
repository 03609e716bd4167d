// The frames of version 2: what is left out is put back, in requests and in answers.

import { array, assert, asyncProperty, constant, dictionary, integer, jsonValue, option, oneof, property, record, string, uuid } from 'fast-check';
import { decode, encode } from 'cborg';
import { describe, expect, it } from 'vitest';
import type { Bytes } from '../bytes.ts';
import { visitId } from '../ids.ts';
import { writeTable } from '../testing/columns.ts';
import { answerItems, receiptRun, type Answer } from '../testing/wire-server.ts';
import { readTable } from './columns.ts';
import type { Frame, Shared } from './frames.ts';
import { mergePatch } from './merge-patch.ts';
import { fromItems, toItems } from './value.ts';
import { framesOf } from './wire-two.ts';

const DEVICE = 'd0000000-0000-4000-8000-00000000000a';
const OTHER = 'd0000000-0000-4000-8000-00000000000b';
const GRID = 'c0000000-0000-4000-8000-000000000001';
const ELSEWHERE = 'c0000000-0000-4000-8000-000000000009';
const hashes = ['11223344', 'fedcba98', '00000001'].map((start) => start.padEnd(64, '7'));
const shared: Shared = {
  version: 2, device: DEVICE, community: 'c0000000-0000-4000-8000-000000000000', clock_ms: 1_800_000_000_000,
  feeds: ['c0000000-0000-4000-8000-000000000000', GRID], sent: hashes,
};

/** As it arrives: written by the office, read by the phone. */
async function read(frame: Answer): Promise<Frame[]> {
  const [items] = await answerItems([frame], shared, [DEVICE, OTHER]);
  return framesOf(decode(encode(items)) as unknown[], shared);
}

const visit = await visitId(OTHER, shared.clock_ms - 3_600_000);
/** Made by a phone whose clock is ahead. */
const ahead = await visitId(DEVICE, shared.clock_ms + 60_000);

describe('a frame of an answer', () => {
  const frames: Frame[] = [
    { frame: 'start', feed: GRID, history: 700 },
    { frame: 'feed', feed: GRID, cursor: 70_000, digest: 0xfedc_ba98n, more: true, head: 70_001 },
    { frame: 'compared', feed: ELSEWHERE, digest: 5n, parts: Uint8Array.from({ length: 32 }, (_, at) => at) as Bytes },
    {
      frame: 'news', document: visit, kind: 'visit', feed: GRID, seq: 9, digest: 4_294_967_295n, summary: { patch: { outcome: 'met', review: null } },
      whole: false, changes: [Uint8Array.from([9, 1, 0]) as Bytes],
    },
    { frame: 'news', document: GRID, kind: 'matter', feed: ELSEWHERE, seq: 9, digest: 0n, summary: null, whole: true, changes: [] },
    { frame: 'news', document: ahead, kind: 'door', feed: GRID, seq: 9, digest: 1n, summary: { value: { kind: 'door', grid: GRID } }, whole: true, changes: [] },
    { frame: 'end', server_time: 1, signature: null },
  ];
  it.each(frames.map((frame) => [frame.frame, frame] as const))('%s says what the office meant', async (_name, frame) => {
    expect(await read(frame)).toEqual([frame]);
  });

  it('rows keep their order, their ids and their gaps', async () => {
    const rows = [
      { document: visit, seq: 12, digest: 1n, summary: { kind: 'visit', at: 5, met: [GRID] }, seen: null },
      { document: ELSEWHERE, seq: 7, digest: 0x8000_0000n, summary: undefined, seen: { at: 5, outcome: 'met' } },
      { document: ahead, seq: 8, digest: 2n, summary: { kind: 'visit', note: '在家', at: 2 }, seen: null },
    ];
    expect(await read({ frame: 'rows', kind: 'visit', feed: GRID, rows })).toEqual([{ frame: 'rows', kind: 'visit', feed: GRID, rows }]);
  });

  it('of a number that is not known here says nothing', async () => {
    expect(await framesOf([99, 'whatever'], shared)).toEqual([]);
  });

  it.each([
    ['a feed that the hello did not name', [22, 7, 1]],
    ['columns of different lengths', [25, 1, 1, [new Uint8Array(), new Uint8Array([255]), [], new Uint8Array(16)], [], new Uint8Array(4), [[], [], [-1], []], null]],
    ['a device that is not in the list', [25, 1, 1, [new Uint8Array(), new Uint8Array([0]), [1], new Uint8Array()], [1], new Uint8Array(4), [[], [], [-1], []], null]],
    ['a table with a hole', [25, 1, 1, [new Uint8Array(), new Uint8Array([255]), [], new Uint8Array(16)], [1], new Uint8Array(4), [['a'], [[0]], [0], [[0]]], null]],
    ['digests that are not four bytes', [25, 1, 1, [new Uint8Array(), new Uint8Array([255]), [], new Uint8Array(16)], [1], new Uint8Array(3), [[], [], [-1], []], null]],
    ['too few parts', [26, 1, 0, new Uint8Array(31)]],
    ['two summaries', [24, new Uint8Array(16), 1, 1, 1, 0, [{}, {}], true, []]],
  ])('with %s is refused, not guessed at', async (_what, items) => {
    await expect(framesOf(items, shared)).rejects.toThrow(TypeError);
  });
});

describe('receipts told in one', () => {
  it('name each change and its place', async () => {
    expect(await read(receiptRun(1, hashes.slice(1), 40))).toEqual([
      { frame: 'receipt', prefix: 'fedcba9877777777', status: 'accepted', seq: 40, reason: null },
      { frame: 'receipt', prefix: '0000000177777777', status: 'accepted', seq: 41, reason: null },
    ]);
  });

  it.each([
    ['of something else', { ...receiptRun(0, hashes, 40), check: 1 }],
    ['of one change too few', { ...receiptRun(0, hashes, 40), count: 2 }],
    ['of changes that were not sent', { ...receiptRun(0, hashes, 40), first: 1 }],
  ])('%s name nothing', async (_what, run) => {
    expect(await read(run)).toEqual([]);
  });
});

const ids = uuid().map((id) => id.toLowerCase());
const text = oneof(string(), ids, constant('met'));
const summary = record({
  kind: constant('visit'), at: integer(), met: array(ids, { maxLength: 3 }), note: text, deep: dictionary(string(), oneof(text, integer(), constant(null))),
}, { requiredKeys: ['kind'] });

describe('summaries in columns', () => {
  it('come back as they were', () => {
    assert(property(array(option(summary, { nil: undefined }), { maxLength: 12 }), (rows) => {
      expect(readTable(decode(encode(writeTable(rows))))).toEqual(rows.map((row) => row && { ...row }));
    }), { examples: [[[undefined, { kind: 'visit', at: -5 }, { kind: 'visit', at: 7, note: GRID }]]] });
  });

  it('ids travel as their bytes, and any other text as it stands', () => {
    expect(toItems([GRID, GRID.toUpperCase().replace('C', 'F'), 'c0000000'])).toEqual([expect.any(Uint8Array), expect.any(String), 'c0000000']);
    assert(property(text, (value) => {
      expect(fromItems(decode(encode(toItems(value))))).toBe(value);
    }));
  });
});

describe('a merge patch', () => {
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [['a', 'b'], ['c', 'd'], ['c', 'd']],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    ['text', { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('on %j of %j gives %j, as RFC 7396 says', (target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result);
  });

  it('takes a code for a code, whatever objects call theirs', () => {
    const patch = JSON.parse('{"checks":{"__proto__":{"zh":"x"},"constructor":"ok","toString":{"a":1}}}') as unknown;
    expect(JSON.stringify(mergePatch({ checks: {} }, patch))).toBe(JSON.stringify(patch));
    const gone = JSON.parse('{"checks":{"__proto__":null}}') as unknown;
    expect(JSON.stringify(mergePatch(patch, gone))).toBe('{"checks":{"constructor":"ok","toString":{"a":1}}}');
  });

  it('changes nothing that it was given', async () => {
    await assert(asyncProperty(jsonValue(), jsonValue(), async (target, patch) => {
      const before = JSON.stringify([target, patch]);
      mergePatch(target, patch);
      expect(JSON.stringify([target, patch])).toBe(before);
    }));
  });
});
