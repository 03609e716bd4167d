// Lean changes: what was left out is put back, and the bytes come out as they were.

import { describe, expect, it } from 'vitest';
import { actorOf, concat, fromHex, idToBytes, toHex, type Bytes } from '../bytes.ts';
import { changeFrom, partsOfChange, readChanges } from '../documents/chunks.ts';
import { createVisit, editVisit } from '../documents/edit.ts';
import { genesisOf } from '../documents/genesis.ts';
import { doorId, namedId, residentId, visitId, visitMadeAtMs } from '../ids.ts';
import type { DocumentRow } from '../store/rows.ts';
import type { ResidentSummary } from '../summary.ts';
import { fixture, library } from '../testing/platform.ts';
import { doorNames } from './door-names.ts';
import { readLean, writeLean, type LeanPlace } from './lean.ts';

const DEVICE = 'd0000000-0000-4000-8000-00000000000a';
const COMMUNITY = 'c0000000-0000-4000-8000-000000000000';
const PERSON = 'e0000000-0000-4000-8000-00000000000a';
const DOOR = await doorId(COMMUNITY, '3/2/501');
const WANG = await residentId(DOOR, '王秀英');
const SECOND_WANG = await residentId(DOOR, '王秀英/2');

function place(kind: string, previous?: string): LeanPlace {
  return { device: DEVICE, community: COMMUNITY, genesis: genesisOf(kind)?.hash, previous };
}

function doorRow(persons: ResidentSummary[], label = '501'): Pick<DocumentRow, 'id' | 'summary'> {
  return { id: DOOR, summary: { kind: 'door', building: '3', unit: '2', label, persons } };
}

const WANGS = [{ id: SECOND_WANG, name: '王秀英' }, { id: WANG, name: '王秀英' }];
const FIELDS = { purpose: 'routine', outcome: 'met', note: '老人在家，一切都好。', checks: { gas: 'ok' }, met: [WANG, SECOND_WANG] };

/** A visit and an edit of it, as a phone makes them. */
const [created, edited] = await library().with('visit', [], actorOf(DEVICE, 0), (automerge, document) => {
  const first = createVisit(automerge, document, { ...FIELDS, door: DOOR, at: 1_800_000_000_000, by: PERSON }, 1_800_000_000_000);
  const second = editVisit(automerge, first.document, undefined, { ...FIELDS, note: '老人在家。' }, 1_800_000_060_000);
  return [first, second] as const;
});

describe('a change that a phone made', () => {
  it('says neither what it builds on, nor who wrote it, nor any id it can name', async () => {
    const lean = await writeLean(created.bytes, { ...place('visit'), door: await doorNames(COMMUNITY, doorRow(WANGS)) });
    expect(lean?.[0]).toBe(1 | 8 | 16);
    // The person is the one id that no name leads to: 16 bytes in place of 36.
    expect(toHex(lean ?? new Uint8Array())).toContain(`00${toHex(idToBytes(PERSON))}`);
    expect(new TextDecoder('latin1').decode(lean)).not.toMatch(/[0-9a-f]{8}-/);
    expect(created.bytes.length - (lean?.length ?? 0)).toBeGreaterThan(140);
    expect(await readLean(lean ?? new Uint8Array(), place('visit'))).toEqual({ hash: created.hash, deps: created.deps, bytes: created.bytes });
  });

  it('is named by the one before in the same document', async () => {
    const lean = await writeLean(edited?.bytes ?? new Uint8Array(), place('visit', created.hash));
    expect(lean?.[0]).toBe(2 | 8);
    expect(await readLean(lean ?? new Uint8Array(), place('visit', created.hash))).toMatchObject({ hash: edited?.hash });
    await expect(readLean(lean ?? new Uint8Array(), place('visit'))).rejects.toThrow(TypeError);
  });

  it('gives heads that the reader has by their beginnings, and only by beginnings that name one', async () => {
    const isHead = (hash: string): boolean => hash === created.hash;
    const lean = (await writeLean(edited?.bytes ?? new Uint8Array(), { ...place('visit'), isHead })) ?? new Uint8Array();
    expect([lean[0], lean[1], toHex(lean.subarray(2, 6))]).toEqual([4 | 8, 1, created.hash.slice(0, 8)]);
    const find = (prefix: string): string | undefined => (created.hash.startsWith(prefix) ? created.hash : undefined);
    expect((await readLean(lean, { ...place('visit'), find })).bytes).toEqual(edited?.bytes);
    await expect(readLean(lean, place('visit'))).rejects.toThrow(TypeError);
  });

  it('gives what it builds on in full to a reader of whom nothing is known', async () => {
    const lean = (await writeLean(edited?.bytes ?? new Uint8Array(), place('visit'))) ?? new Uint8Array();
    expect([lean[0], toHex(lean.subarray(2, 34))]).toEqual([8, created.hash]);
  });

  it.each([
    ['a door that was renamed since', doorRow([{ id: WANG, name: '王阿姨' }], '502')],
    ['a resident whose id no name leads to', doorRow([{ id: WANG, name: '王阿姨' }])],
    ['a door that is not here', undefined],
  ])('with %s keeps those ids as they are', async (_what, row) => {
    const door = await doorNames(COMMUNITY, row);
    const lean = (await writeLean(created.bytes, { ...place('visit'), door })) ?? new Uint8Array();
    expect(toHex(lean)).toContain(toHex(idToBytes(WANG)));
    expect(toHex(lean)).not.toContain(toHex(new TextEncoder().encode('王阿姨')));
    expect((await readLean(lean, place('visit'))).bytes).toEqual(created.bytes);
  });

  it('of another device says who that is', async () => {
    const lean = await writeLean(created.bytes, { ...place('visit'), device: PERSON });
    expect((lean?.[0] ?? 0) & 8).toBe(0);
    expect(toHex(lean ?? new Uint8Array())).toContain(actorOf(DEVICE, 0));
  });
});

describe('bytes that would not come back as they are', () => {
  it.each([
    ['a checksum that is wrong', concat([created.bytes.subarray(0, 4), fromHex('00000000'), created.bytes.subarray(8)])],
    ['two changes', concat([created.bytes, edited?.bytes ?? new Uint8Array()])],
    ['no chunk', fromHex('0102030405')],
    ['nothing', new Uint8Array()],
    // Automerge writes lengths in their shortest form; whoever does not goes in full.
    ['a length in a longer form', concat([created.bytes.subarray(0, 10), fromHex('8000'), created.bytes.subarray(12)])],
  ])('%s: no lean change', async (_what, bytes) => {
    expect(await writeLean(bytes, place('visit'))).toBeUndefined();
  });
});

describe('lean bytes that say something else', () => {
  it.each([
    ['an unknown reference', '090003'],
    ['the door of a change that has none', '090001'],
    ['a resident of no door', '09000201aa'],
    ['half an id', '09000001020304'],
    ['a piece longer than all', '097f00'],
    ['nothing at all', ''],
    ['a length without end', '09ffffffffffff'],
  ])('%s is refused, not guessed at', async (_what, hex) => {
    await expect(readLean(fromHex(hex), place('visit'))).rejects.toThrow(TypeError);
  });
});

interface Golden { name: string; kind: string; hex: string }

describe('every change of the golden documents', () => {
  it('comes back as it was, and as the change it was named', async () => {
    let seen = 0;
    for (const { kind, hex } of await fixture<Golden[]>('documents.json')) {
      for (const bytes of chunksOf(fromHex(hex))) {
        const lean = await writeLean(bytes, place(kind));
        if (!lean) continue;
        const back = await readLean(lean, place(kind));
        expect(toHex(back.bytes)).toBe(toHex(bytes));
        expect([...(await readChanges(bytes))?.keys() ?? []]).toEqual([back.hash]);
        seen += 1;
      }
    }
    expect(seen).toBeGreaterThan(20);
  });
});

/** Chunks begin with their magic bytes. */
function chunksOf(bytes: Bytes): Bytes[] {
  return toHex(bytes).split('856f4a83').slice(1).map((rest) => fromHex(`856f4a83${rest}`));
}

describe('ids that are made', () => {
  it('of a visit hold its device and time, and only that device finds the time in them', async () => {
    const visit = await visitId(DEVICE, 1_800_000_000_123);
    expect(visit).toMatch(/^01a3185c-507b-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(await visitMadeAtMs(DEVICE, visit)).toBe(1_800_000_000_123);
    expect(await visitMadeAtMs(PERSON, visit)).toBeUndefined();
  });

  it('of a name are UUIDv5', async () => {
    // The example of RFC 9562, appendix A.4.
    expect(await namedId('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
  });

  it('a change is put together as Automerge writes it', async () => {
    const parts = partsOfChange(created.bytes);
    expect(parts && (await changeFrom(parts)).bytes).toEqual(created.bytes);
  });
});
