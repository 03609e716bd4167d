// What the office does not adopt: shown with its reason, never lost, and nothing else waits for it.

import { beforeEach, describe, expect, it } from 'vitest';
import type { ChangeFrame } from './frames.ts';
import type { Office } from '../testing/office.ts';
import { GRID, Phone } from '../testing/phone.ts';
import { automerge } from '../testing/platform.ts';
import { CHEN, doorId, LIN, officeWithDoors } from '../testing/practice.ts';

const A = await automerge();
let office: Office;
let chen: Phone;
let trayed: ChangeFrame[];

beforeEach(async () => {
  office = officeWithDoors(A, 4);
  chen = await Phone.enrol(office, CHEN);
  await chen.exchange();
  trayed = [];
});

async function savedTwo(): Promise<[string, string]> {
  const bad = await chen.offline(() => chen.call('save_visit', chen.draft(doorId(1), { note: '搬走的一户' })));
  const good = await chen.offline(() => chen.call('save_visit', chen.draft(doorId(2), { note: '在家的一户' })));
  return [bad.visit, good.visit];
}

function holdFirst(status: 'held' | 'refused', reason: string): void {
  let first: string | undefined;
  office.judge = (change) => {
    first ??= change.document;
    if (change.document !== first) return undefined;
    trayed.push(change);
    return { status, reason };
  };
}

describe('a held change', () => {
  beforeEach(() => holdFirst('held', 'feed_not_yours'));

  it('leaves the outbox, keeps its words on the phone and holds up nobody', async () => {
    const [bad, good] = await savedTwo();
    await chen.exchange();
    const rows = new Map((await chen.call('my_visits', { limit: 9 })).map((row) => [row.id, row]));
    expect(rows.get(bad)).toMatchObject({ mark: 'held', held_reason: 'feed_not_yours', note: '搬走的一户' });
    expect(rows.get(good)?.mark).toBe('on_server');
    const status = await chen.call('status');
    expect(status.waiting).toBe(0);
    expect(status.held).toMatchObject([{ document: bad, reason: 'feed_not_yours', status: 'held', door: { label: '101' } }]);
    expect((await chen.call('visit', { visit: bad }))?.note).toBe('搬走的一户');
  });

  it('does not make the digests differ', async () => {
    await savedTwo();
    await chen.exchange();
    expect(await chen.feedIsEqual(GRID)).toBe(true);
  });

  it('is shown as arrived once the office admits it', async () => {
    const [bad] = await savedTwo();
    await chen.exchange();
    const [change] = trayed;
    office.put(bad, 'visit', GRID, CHEN.device, change?.bytes ?? new Uint8Array());
    for (let round = 0; round < 2; round++) await chen.exchange();
    expect((await chen.call('status')).held).toEqual([]);
    expect((await chen.call('my_visits', { limit: 9 })).find((row) => row.id === bad)?.mark).toBe('on_server');
    expect(await chen.feedIsEqual(GRID)).toBe(true);
  });

  it('is still under the words another phone adds after its admission', async () => {
    const [bad] = await savedTwo();
    await chen.exchange();
    office.judge = () => undefined;
    office.put(bad, 'visit', GRID, CHEN.device, trayed[0]?.bytes ?? new Uint8Array());
    const lin = await Phone.enrol(office, LIN);
    await lin.exchange();
    await lin.call('visit', { visit: bad });
    await lin.call('save_visit', lin.draft(doorId(1), { visit: bad, note: '搬走的一户，新住户已登记' }));
    await lin.exchange();
    await chen.exchange();
    expect(await chen.call('visit', { visit: bad })).toMatchObject({ mark: 'on_server', note: '搬走的一户，新住户已登记' });
  });
});

describe('a refused change', () => {
  beforeEach(() => holdFirst('refused', 'tray_full'));

  it('stays on the phone with its reason and is not sent again by itself', async () => {
    const [bad] = await savedTwo();
    await chen.exchange();
    const sentBefore = office.requests.length;
    await chen.call('save_visit', chen.draft(doorId(3), { note: '又一户' }));
    await chen.settled();
    expect(office.requests.slice(sentBefore).flat().filter((frame) => frame.frame === 'change' && frame.document === bad)).toEqual([]);
    expect((await chen.call('status')).held).toMatchObject([{ document: bad, reason: 'tray_full', status: 'refused' }]);
  });

  it('goes once more when the person asks for it', async () => {
    const [bad] = await savedTwo();
    await chen.exchange();
    office.judge = () => undefined;
    await chen.exchange();
    expect((await chen.call('my_visits', { limit: 9 })).find((row) => row.id === bad)?.mark).toBe('on_server');
  });
});

describe('a change that the office could not read', () => {
  it('stays unsent, with words, and holds up nothing else', async () => {
    const [visit, other] = await savedTwo();
    office.unreadable = visit;
    await chen.exchange();
    const marks = new Map((await chen.call('my_visits', { limit: 9 })).map((row) => [row.id, row.mark]));
    expect([marks.get(visit), marks.get(other)]).toEqual(['on_phone', 'on_server']);
    expect(await chen.call('status')).toMatchObject({ waiting: 1, last_error: { code: 'malformed', zh: expect.stringMatching(/没有读懂.*还在本机/) as string } });
  });

  it('does not take with it what was asked for after it: that is asked for again in the same run', async () => {
    const colleague = await Phone.enrol(office, LIN);
    await colleague.exchange();
    const { visit: listed } = await colleague.call('save_visit', colleague.draft(doorId(4), { note: '只有一行' }));
    await colleague.exchange();
    const late = await Phone.enrol(office, { ...CHEN, device: 'd0000000-0000-4000-8000-00000000000f' });
    await late.exchange();
    const { visit } = await late.offline(() => late.call('save_visit', late.draft(doorId(1), { note: '没有读懂的' })));
    [office.unreadable, office.losesWants] = [visit, true];
    const view = await late.call('visit', { visit: listed });
    const asked = office.requests.flat().filter((frame) => frame.frame === 'want' && frame.document === listed);
    expect(asked).toHaveLength(2);
    expect(view?.history).toHaveLength(1);
  });
});
