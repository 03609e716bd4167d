// One save, one change: what it holds, what it builds on, and who it says wrote it.

import { describe, expect, it } from 'vitest';
import { actorOf, concat, type Bytes } from '../bytes.ts';
import { automerge } from '../testing/platform.ts';
import { createVisit, editVisit, reviewVisit, settleField, type Made, type VisitFields } from './edit.ts';
import { genesisOf } from './genesis.ts';
import type { Content, Document } from './library.ts';
import { summarise } from './summarise.ts';

const A = await automerge();
const CHEN = actorOf('d0000000-0000-4000-8000-00000000000a', 0);
const LIN = actorOf('d0000000-0000-4000-8000-00000000000b', 0);
const ZHOU = actorOf('d0000000-0000-4000-8000-00000000000c', 0);
const DOOR = 'f0000000-0000-4000-8000-000000000001';
const PERSON = 'e0000000-0000-4000-8000-00000000000a';
const RESIDENT = 'a0000000-0000-4000-8000-000000000001';
const NOW = 1_800_000_000_999;

const fields = (other: Partial<VisitFields> = {}): VisitFields =>
  ({ purpose: 'routine', outcome: 'met', note: '甲。', checks: { gas: 'ok' }, met: [RESIDENT], ...other });

function open(actor: string, ...changes: (Bytes | undefined)[]): Document {
  const parts = [genesisOf('visit')?.bytes ?? new Uint8Array(), ...changes.flatMap((change) => change ?? [])];
  return A.load<Content>(concat(parts), { actor });
}

const first = (): Made => createVisit(A, open(CHEN), { ...fields(), door: DOOR, at: NOW, by: PERSON }, NOW);

describe('a save', () => {
  it('is one plain change of this device on the genesis', () => {
    const made = first();
    const change = A.decodeChange(made.bytes);
    expect(made.bytes[8]).toBe(1);
    expect(change).toMatchObject({ actor: CHEN, seq: 1, hash: made.hash, time: 1_800_000_000, deps: [genesisOf('visit')?.hash] });
    expect(made.operations).toBe(change.ops.length);
  });

  it('writes every string but the note as a scalar', () => {
    expect(summarise(A, first().document)).toEqual({
      kind: 'visit', door: DOOR, at: NOW, by: PERSON, purpose: 'routine', outcome: 'met', note: '甲。', note_chars: 2,
      checks: { gas: 'ok' }, met: [RESIDENT],
    });
  });

  it('that changes nothing is no change', () => {
    const { bytes } = first();
    expect(editVisit(A, open(CHEN, bytes), undefined, fields(), NOW)).toBeNull();
  });

  it('takes away only what the person took away', () => {
    const { bytes } = first();
    const made = editVisit(A, open(CHEN, bytes), undefined, fields({ checks: {}, met: [] }), NOW);
    expect(summarise(A, made?.document ?? open(CHEN))).not.toHaveProperty('checks');
    expect(summarise(A, made?.document ?? open(CHEN))).toMatchObject({ note: '甲。', outcome: 'met' });
  });

  it('against what the person saw leaves alone what came since', () => {
    const one = first();
    const theirs = editVisit(A, open(LIN, one.bytes), [one.hash], fields({ checks: { gas: 'ok', wiring: 'problem' }, note: '乙。甲。' }), NOW);
    const ours = editVisit(A, open(CHEN, one.bytes, theirs?.bytes), [one.hash], fields({ note: '甲。丙。' }), NOW);
    expect(ours?.deps).toEqual([one.hash]);
    expect(summarise(A, ours?.document ?? open(CHEN))).toMatchObject({ note: '乙。甲。丙。', checks: { gas: 'ok', wiring: 'problem' } });
  });

  it('stays one line of changes though the base is older than its own last change', () => {
    const one = first();
    const two = editVisit(A, open(CHEN, one.bytes), [one.hash], fields({ note: '甲。乙。' }), NOW);
    const three = editVisit(A, open(CHEN, one.bytes, two?.bytes), [one.hash], fields({ note: '甲。乙。丙。' }), NOW);
    expect(A.decodeChange(three?.bytes ?? new Uint8Array())).toMatchObject({ actor: CHEN, seq: 3, deps: [two?.hash] });
    expect(three?.document['note']).toBe('甲。乙。丙。');
  });

  it('against heads that are not here is written on what is here', () => {
    const one = first();
    const made = editVisit(A, open(LIN, one.bytes), ['ff'.repeat(32)], fields({ note: '甲。乙。' }), NOW);
    expect(made?.document['note']).toBe('甲。乙。');
  });
});

describe('a review', () => {
  it('is said once', () => {
    const one = first();
    const said = reviewVisit(A, open(ZHOU, one.bytes), { state: 'accepted', comment: '好', by: PERSON, at: NOW }, NOW);
    expect(summarise(A, said?.document ?? open(ZHOU))).toMatchObject({ review: { state: 'accepted', comment: '好', by: PERSON, at: NOW } });
    expect(reviewVisit(A, open(ZHOU, one.bytes, said?.bytes), { state: 'accepted', by: PERSON, at: NOW + 1 }, NOW)).toBeNull();
  });
});

describe('a settled field', () => {
  function disputed(): Document {
    const one = first();
    const left = reviewVisit(A, open(ZHOU, one.bytes), { state: 'accepted', by: PERSON, at: 5 }, NOW);
    const right = reviewVisit(A, open(LIN, one.bytes), { state: 'asked_back', by: PERSON, at: 7 }, NOW);
    return open(CHEN, one.bytes, left?.bytes, right?.bytes);
  }

  it.each([['review/state', 'accepted'], ['review/at', '5']])('%s keeps the kind of value it had', (path, value) => {
    const settled = settleField(A, disputed(), path, value, NOW);
    const summary = summarise(A, settled?.document ?? open(CHEN));
    expect(summary?.conflicts).not.toContain(path);
    expect(summary).toMatchObject({ review: path === 'review/at' ? { at: 5 } : { state: 'accepted' } });
  });

  it('that nobody disputes is left alone', () => {
    expect(settleField(A, disputed(), 'outcome', 'phone', NOW)).toBeNull();
    expect(settleField(A, disputed(), 'nowhere/at/all', 'x', NOW)).toBeNull();
  });
});
