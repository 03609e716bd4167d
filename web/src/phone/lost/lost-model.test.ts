import { describe, expect, it } from 'vitest';
import type { Parcel, VisitRow, Witness } from '../../bridge/types.ts';
import { lostVisits, type Last } from './lost-model.ts';

const witness: Witness = {
  device: 'old', person: { id: 'p', name: '陈小满' }, community: '蓝湖小区', at: 9,
  unsent: [
    { document: 'one', hash: 'h1', door: 'd1', place: '3-2-501', at: 1_000_000 },
    { document: 'two', hash: 'h2', door: 'd2', place: '3-2-502', at: 2_000_000 },
    { document: 'one', hash: 'h3', door: 'd1', place: '3-2-501', at: 3_000_000 },
  ],
};
const lacking = (...hashes: string[]): Last => ({ device: 'old', person: { id: 'p', name: '陈小满' }, visits: 0, newest: [], lacking: hashes });
const states = (last: Last | undefined, parcels: Parcel[] = [], mine: VisitRow[] = [], from = witness): string[] =>
  lostVisits(from, last, parcels, mine).map((visit) => `${visit.document} ${visit.state}`);

describe('what became of unsent visits', () => {
  it('is one line for a visit with all its changes, at the time of the first', () => {
    expect(lostVisits(witness, undefined, [], []).map(({ place, at }) => [place, at])).toEqual([['3-2-501', 1_000_000], ['3-2-502', 2_000_000]]);
  });

  it('is missing until the office has every change of it', () => {
    expect(states(undefined)).toEqual(['one missing', 'two missing']);
    expect(states(lacking('h3'))).toEqual(['one missing', 'two arrived']);
    expect(states(lacking())).toEqual(['one arrived', 'two arrived']);
  });

  it('is on its way while the kept copy has not been brought', () => {
    const parcel = { device: 'old', state: 'waiting' } as Parcel;
    expect(states(lacking('h1'), [parcel])).toEqual(['one carried', 'two arrived']);
    expect(states(undefined, [], [], { ...witness, file: 'AAAA' })).toEqual(['one carried', 'two carried']);
    expect(states(lacking('h1'), [{ ...parcel, device: 'another' }])).toEqual(['one missing', 'two arrived']);
  });

  it('is kept here when the office does not take the copy', () => {
    const parcel = { device: 'old', state: 'refused' } as Parcel;
    expect(states(lacking('h1'), [parcel], [], { ...witness, file: 'AAAA' })).toEqual(['one kept', 'two arrived']);
    expect(states(lacking('h1'), [parcel, { ...parcel, state: 'waiting' }])).toEqual(['one carried', 'two arrived']);
  });

  it('is written again by a visit at its door and time, and by no other', () => {
    const written = (door: string, at: number): VisitRow => ({ id: 'new', door: { id: door }, at }) as VisitRow;
    expect(states(lacking('h1', 'h2'), [], [written('d1', 1_000_500)])).toEqual(['one rewritten', 'two missing']);
    expect(states(lacking('h1', 'h2'), [], [written('d1', 9_000_000), written('d3', 2_000_000)])).toEqual(['one missing', 'two missing']);
  });
});
