// Promise 7: no order depends on a phone's clock. One that is wrong, jumps or changes its zone is shown, and does no harm.

import { describe, expect, it } from 'vitest';
import { Phone } from '../testing/phone.ts';
import { automerge } from '../testing/platform.ts';
import { CHEN, LIN, doorId, officeWithDoors } from '../testing/practice.ts';

const A = await automerge();
const DAY_MS = 24 * 60 * 60 * 1000;
const YEAR_MS = 365 * DAY_MS;
const DOORS = 8;

/** What the phone's clock does before each of five saves, in milliseconds. */
const CLOCKS: [string, number[]][] = [
  ['is right', [0, 1000, 1000, 1000, 1000]],
  ['is a year ahead', [YEAR_MS, 1000, 1000, 1000, 1000]],
  ['is a year behind', [-YEAR_MS, 1000, 1000, 1000, 1000]],
  ['jumps back between saves', [0, -3600_000, -1000, -YEAR_MS, -1]],
  ['jumps ahead and back', [0, YEAR_MS, -YEAR_MS, YEAR_MS, -2 * YEAR_MS]],
  ['stands still', [0, 0, 0, 0, 0]],
  ['is set back onto the same moment', [0, 1, -1, 1, -1]],
  ['starts in 1970', [-1_800_000_000_000, 0, 5, -5, 1]],
];

describe.each(CLOCKS)('a phone whose clock %s', (_name, steps) => {
  async function savedFive() {
    const office = officeWithDoors(A, DOORS);
    const right = 1_800_000_000_000;
    office.serverTime = right;
    const phone = await Phone.enrol(office, CHEN, right);
    await phone.exchange();
    phone.network.online = false;
    const visits: string[] = [];
    for (const [number, step] of steps.entries()) {
      phone.nowMs += step;
      const draft = { ...phone.draft(doorId(number + 1), { note: `第 ${number + 1} 户` }), started_at: phone.nowMs, changed_at: phone.nowMs };
      // The helper lets a second pass for each draft; this clock does not.
      phone.nowMs -= 1000;
      await phone.call('put_draft', draft);
      visits.push((await phone.call('save_visit', draft)).visit);
    }
    await phone.settled();
    return { office, phone, visits, right };
  }

  it('makes five visits of five saves, and all arrive, once, in the order in which they were made', async () => {
    const { office, phone, visits } = await savedFive();
    expect(new Set(visits).size).toBe(5);
    expect(await phone.call('drafts')).toEqual([]);
    phone.network.online = true;
    await phone.exchange();
    expect((await phone.call('status')).waiting).toBe(0);
    const kept = visits.map((visit) => office.documents.get(visit)?.changes);
    expect(kept.map((changes) => changes?.length)).toEqual([1, 1, 1, 1, 1]);
    const seqs = kept.map((changes) => changes?.[0]?.seq ?? 0);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  });

  it('is told how wrong it is, and hears what others write', async () => {
    const { office, phone, visits, right } = await savedFive();
    phone.network.online = true;
    await phone.exchange();
    expect((await phone.call('status')).clock_error_ms).toBe(right - phone.nowMs);
    const lin = await Phone.enrol(office, LIN, right);
    await lin.exchange();
    const visit = visits[0] as string;
    await lin.call('visit', { visit });
    await lin.call('save_visit', { ...lin.draft(doorId(1), { note: '同事补的' }), visit });
    await lin.exchange();
    await phone.exchange();
    expect(await phone.call('visit', { visit })).toMatchObject({ note: '同事补的' });
  });

  it('keeps a draft through all of it, and the last letter wins', async () => {
    const { phone } = await savedFive();
    const draft = phone.draft(doorId(7), { note: '一' });
    await phone.call('put_draft', draft);
    for (const step of steps) {
      phone.nowMs += step;
      draft.note += '二';
      // As the form writes it: newer than the one before even if the clock is not.
      draft.changed_at = Math.max(phone.nowMs, draft.changed_at + 1);
      await phone.call('put_draft', draft);
    }
    await phone.kill();
    await phone.start();
    expect((await phone.call('drafts')).map((it) => it.note)).toEqual(['一二二二二二']);
  });

  it('lights the right windows once it is set right', async () => {
    const { phone, right } = await savedFive();
    phone.network.online = true;
    await phone.exchange();
    await phone.kill();
    phone.nowMs = right + DAY_MS;
    await phone.start();
    const card = async (number: number) => phone.call('door_card', { door: doorId(number) });
    for (const number of [1, 2, 3, 4, 5]) {
      const door = await card(number);
      // Seen now or in the past; a visit of next year lights nothing, and is shown all the same.
      expect(door?.last_visit_at ?? 0).toBeLessThanOrEqual(phone.nowMs + DAY_MS);
      expect(door?.visits).toHaveLength(1);
    }
    const due = await phone.call('due');
    expect(due.every((row) => (row.last_visit_at ?? 0) <= phone.nowMs + DAY_MS)).toBe(true);
    expect(due.map((row) => row.door.id)).toEqual(expect.arrayContaining([doorId(6), doorId(7), doorId(8)]));
  });
});

it('what seemed to lie in the future counts as soon as the clock is right', async () => {
  const office = officeWithDoors(A, 2);
  const right = 1_800_000_000_000;
  const lin = await Phone.enrol(office, LIN, right);
  await lin.exchange();
  await lin.call('save_visit', lin.draft(doorId(1), { note: '今天见过' }));
  await lin.exchange();
  const phone = await Phone.enrol(office, CHEN, right - YEAR_MS);
  await phone.exchange();
  expect(await phone.call('door_card', { door: doorId(1) })).toMatchObject({ light: 'dark' });
  phone.nowMs = right + 60_000;
  await phone.exchange();
  expect(await phone.call('door_card', { door: doorId(1) })).toMatchObject({ light: 'lit' });
  expect((await phone.call('buildings'))[0]).toMatchObject({ lit: 1, dark: 1 });
});

describe('a change of time zone', () => {
  it('moves no door on the list and no window on the face', async () => {
    const office = officeWithDoors(A, DOORS);
    const phone = await Phone.enrol(office, CHEN);
    await phone.exchange();
    for (const number of [1, 2, 3]) await phone.call('save_visit', phone.draft(doorId(number), { note: '见面' }));
    await phone.exchange();
    phone.nowMs += 25 * DAY_MS;
    const before = process.env['TZ'];
    const seen: unknown[] = [];
    for (const zone of ['Asia/Shanghai', 'Asia/Urumqi', 'America/Los_Angeles', 'Pacific/Kiritimati']) {
      process.env['TZ'] = zone;
      seen.push([await phone.call('due'), await phone.call('buildings'), await phone.call('my_visits', { limit: 9 })]);
    }
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
    for (const each of seen) expect(each).toEqual(seen[0]);
  });
});
