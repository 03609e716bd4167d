// A phone that runs short of room: what the office gives again goes first, and never what is only here.

import { afterEach, describe, expect, it } from 'vitest';
import { abortedWith, heal, strike } from '../testing/faulty-store.ts';
import { GRID, Phone } from '../testing/phone.ts';
import { automerge } from '../testing/platform.ts';
import { CHEN, LIN, doorId, officeWithDoors } from '../testing/practice.ts';
import { isShort } from './room.ts';

const A = await automerge();
const DAY_MS = 24 * 60 * 60 * 1000;
const MB = 1_000_000;

afterEach(heal);

describe('room runs short', () => {
  const cases: [string, { used?: number; quota?: number }, boolean][] = [
    ['not while the browser does not tell', {}, false],
    ['not with gigabytes left', { used: 5 * MB, quota: 2_000 * MB }, false],
    ['when less than 50 MB are left', { used: 5 * MB, quota: 54 * MB }, true],
    ['when more than four fifths are used', { used: 850 * MB, quota: 1_000 * MB }, true],
    ['when more is used than there is', { used: 60 * MB, quota: 50 * MB }, true],
  ];
  it.each(cases)('%s', async (_name, use, short) => {
    expect(isShort(use)).toBe(short);
    const phone = await Phone.enrol(officeWithDoors(A, 1), CHEN);
    phone.nowMs += 2 * DAY_MS;
    phone.use = use;
    expect(await phone.call('status')).toMatchObject({ storage_short: short });
  });
});

/** A year ago: one visit at each of three doors, all of them seen lately since, so that none is on today's list. */
async function phoneWithPast() {
  const office = officeWithDoors(A, 4);
  const phone = await Phone.enrol(office, CHEN);
  await phone.exchange();
  for (const number of [1, 2, 3]) await phone.call('save_visit', phone.draft(doorId(number), { note: `旧的 ${number}` }));
  await phone.exchange();
  phone.nowMs += 200 * DAY_MS;
  office.serverTime = phone.nowMs;
  for (const number of [1, 2, 3]) await phone.call('save_visit', phone.draft(doorId(number), { note: `新的 ${number}` }));
  await phone.exchange();
  const find = async (note: string): Promise<string> => (await phone.call('my_visits', { limit: 99 })).find((it) => it.note === note)?.id ?? '';
  return { office, phone, old: [await find('旧的 1'), await find('旧的 2'), await find('旧的 3')] as [string, string, string] };
}

async function runShort(phone: Phone): Promise<void> {
  phone.use = { used: 49 * MB, quota: 50 * MB };
  phone.nowMs += 2 * 60_000;
  await phone.call('status');
}

describe('when room runs short', () => {
  it('past visits give up their bytes and keep their rows; what is unsent, half written or new stays whole', async () => {
    const { phone, old } = await phoneWithPast();
    phone.network.online = false;
    await phone.call('save_visit', { ...phone.draft(doorId(2), { note: '旧的 2，又改' }), key: `visit/${old[1]}`, visit: old[1] });
    await phone.call('put_draft', phone.draft(doorId(4), { note: '写了一半' }));
    await phone.call('put_draft', { ...phone.draft(doorId(3), { note: '旧的 3，改了一半' }), key: `visit/${old[2]}`, visit: old[2] });
    await phone.settled();
    const before = (await phone.call('status')).documents_whole;
    await runShort(phone);
    await expect.poll(async () => (await phone.call('status')).documents_whole).toBe(before - 1);
    expect(await phone.call('visit', { visit: old[0] })).toMatchObject({ note: '旧的 1', whole: false });
    expect(await phone.call('visit', { visit: old[1] })).toMatchObject({ note: '旧的 2，又改', whole: true, mark: 'on_phone' });
    expect(await phone.call('visit', { visit: old[2] })).toMatchObject({ note: '旧的 3', whole: true });
    expect((await phone.call('drafts')).map((it) => it.note)).toEqual(['旧的 3，改了一半', '写了一半']);
    expect((await phone.call('my_visits', { limit: 99 })).length).toBe(6);
  });

  it('what was let go comes again when it is opened, and follows what colleagues write meanwhile', async () => {
    const { office, phone, old } = await phoneWithPast();
    const before = (await phone.call('status')).documents_whole;
    await runShort(phone);
    await expect.poll(async () => (await phone.call('status')).documents_whole).toBe(before - 3);
    const lin = await Phone.enrol(office, LIN, phone.nowMs);
    await lin.exchange();
    await lin.call('visit', { visit: old[0] });
    await lin.call('save_visit', { ...lin.draft(doorId(1), { note: '旧的 1，同事补的' }), visit: old[0] });
    await lin.exchange();
    await phone.exchange();
    expect((await phone.call('my_visits', { limit: 99 })).map((it) => it.note)).toContain('旧的 1，同事补的');
    expect(await phone.call('visit', { visit: old[0] })).toMatchObject({ note: '旧的 1，同事补的', whole: true });
    expect(await phone.call('visit', { visit: old[2] })).toMatchObject({ note: '旧的 3', whole: true });
    expect(await phone.feedIsEqual(GRID)).toBe(true);
  });

  it('a save that finds none makes some, and goes through', async () => {
    const { phone, old } = await phoneWithPast();
    phone.network.online = false;
    const hit = strike('readwrite', 'outbox', 1, abortedWith('QuotaExceededError'));
    await phone.call('save_visit', phone.draft(doorId(4), { note: '腾出来才存上' }));
    expect(hit.struck).toBe(1);
    await phone.settled();
    expect(await phone.call('visit', { visit: old[0] })).toMatchObject({ whole: false });
    expect((await phone.call('my_visits', { limit: 9 }))[0]).toMatchObject({ note: '腾出来才存上', mark: 'on_phone' });
    expect(await phone.call('status')).toMatchObject({ storage_short: true });
  });
});
