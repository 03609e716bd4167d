// Promise 2, where the phone's own store fails: what is called saved is kept, what is not is told, and no word is lost.

import { afterEach, describe, expect, it } from 'vitest';
import { BridgeError } from '../../bridge/error.ts';
import type { VisitRow } from '../../bridge/types.ts';
import {
  abortedWith, closedUnder, heal, neverBegun, neverToldOf, strike, strikeOpening, type Blow,
} from '../testing/faulty-store.ts';
import { Phone } from '../testing/phone.ts';
import { automerge } from '../testing/platform.ts';
import { CHEN, doorId, officeWithDoors } from '../testing/practice.ts';
import { LAYOUT_VERSION } from './migrations.ts';

const A = await automerge();
/** Written while all was well. */
const BEFORE = '存储还好的时候写的';
/** A fault that does not go away. */
const ALWAYS = Infinity;

/** `hangs`: nothing answers until time has passed. */
interface Case { name: string; blow: Blow; times: number; ends: 'saved' | 'told'; code?: string; hangs?: true }

const CASES: Case[] = [
  { name: 'the connection was closed under us', blow: closedUnder, times: 1, ends: 'saved' },
  { name: 'the connection is closed again at once', blow: closedUnder, times: 2, ends: 'saved' },
  { name: 'the connection is closed as often as it is opened', blow: closedUnder, times: ALWAYS, ends: 'told', code: 'store_unavailable' },
  { name: 'the browser aborts it in the middle', blow: abortedWith('AbortError'), times: 1, ends: 'saved' },
  { name: 'the browser aborts every attempt', blow: abortedWith('AbortError'), times: ALWAYS, ends: 'told', code: 'store_unavailable' },
  { name: 'the disk fails once', blow: abortedWith('UnknownError'), times: 1, ends: 'saved' },
  { name: 'the disk goes on failing', blow: abortedWith('UnknownError'), times: ALWAYS, ends: 'told', code: 'store_unavailable' },
  { name: 'the disk is full', blow: abortedWith('QuotaExceededError'), times: ALWAYS, ends: 'told', code: 'store_full' },
  { name: 'something that browsers do not do yet', blow: abortedWith('DataError'), times: 1, ends: 'told', code: 'store_unavailable' },
  { name: 'it never begins', blow: neverBegun, times: 1, ends: 'told', code: 'store_silent', hangs: true },
  { name: 'it is kept and never says so', blow: neverToldOf, times: 1, ends: 'told', code: 'store_silent', hangs: true },
];

async function phoneWithoutSignal(): Promise<Phone> {
  const phone = await Phone.enrol(officeWithDoors(A, 2), CHEN);
  await phone.exchange();
  // The first save waits for Automerge, and time passes quickly here.
  await phone.call('save_visit', phone.draft(doorId(2), { note: BEFORE }));
  await phone.exchange();
  phone.network.online = false;
  return phone;
}

async function newVisits(phone: Phone): Promise<VisitRow[]> {
  return (await phone.call('my_visits', { limit: 9 })).filter((visit) => visit.note !== BEFORE);
}

/** What became of it: `done`, or the code of the refusal. Time passes once `hangs` says so. */
async function outcomeOf(phone: Phone, work: Promise<unknown>, hangs: () => boolean): Promise<string> {
  const outcome: { is?: string } = {};
  const ended = work.then(() => 'done', (error: unknown) => (error instanceof BridgeError ? error.code : String(error)));
  void ended.then((is) => Object.assign(outcome, { is }));
  while (outcome.is === undefined) {
    if (hangs()) phone.timePasses();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return outcome.is;
}

/** As the relay does: an engine whose store is of no more use is replaced by a new one. */
async function startAgainIfEnded(phone: Phone): Promise<void> {
  if (phone.ended) await phone.start();
}

afterEach(heal);

describe.each(CASES)('when $name', ({ blow, times, ends, code, hangs }) => {
  it(`a save is ${ends}, and once kept it is there once`, async () => {
    const phone = await phoneWithoutSignal();
    const draft = phone.draft(doorId(1), { note: '存储出错时写的' });
    await phone.call('put_draft', draft);
    const hit = strike('readwrite', 'drafts', times, blow);
    const outcome = await outcomeOf(phone, phone.call('save_visit', draft), () => Boolean(hangs) && hit.struck > 0);
    expect(hit.struck).toBeGreaterThan(0);
    heal();
    expect(outcome).toBe(ends === 'saved' ? 'done' : code);
    await startAgainIfEnded(phone);
    // The page keeps its words and asks once more.
    expect(await phone.call('save_visit', draft)).toMatchObject({ visit: expect.any(String) as string });
    await phone.settled();
    expect(await newVisits(phone)).toMatchObject([{ note: '存储出错时写的', mark: 'on_phone' }]);
    expect(await phone.call('drafts')).toEqual([]);
    phone.network.online = true;
    await phone.exchange();
    expect(await newVisits(phone)).toMatchObject([{ mark: 'on_server' }]);
    expect((await phone.call('status')).waiting).toBe(0);
  });

  it(`a keystroke is ${ends}, and what was kept before is there after a restart`, async () => {
    const phone = await phoneWithoutSignal();
    const draft = phone.draft(doorId(1), { note: '先写的' });
    await phone.call('put_draft', draft);
    const hit = strike('readwrite', 'drafts', times, blow);
    const more = { ...draft, note: '先写的，再写的', changed_at: draft.changed_at + 1 };
    const outcome = await outcomeOf(phone, phone.call('put_draft', more), () => Boolean(hangs) && hit.struck > 0);
    heal();
    expect(outcome).toBe(ends === 'saved' ? 'done' : code);
    await phone.kill();
    await phone.start();
    const kept = (await phone.call('drafts')).map((it) => it.note);
    expect(ends === 'saved' ? ['先写的，再写的'] : ['先写的', '先写的，再写的']).toContain(kept[0]);
    expect(kept).toHaveLength(1);
  });

  it('a page that reads is answered, or told; never left waiting', async () => {
    const phone = await phoneWithoutSignal();
    const hit = strike('readonly', 'documents', times, blow);
    const outcome = await outcomeOf(phone, phone.call('door_card', { door: doorId(1) }), () => Boolean(hangs) && hit.struck > 0);
    heal();
    expect(hit.struck).toBeGreaterThan(0);
    expect(outcome).toBe(ends === 'saved' ? 'done' : code);
    await startAgainIfEnded(phone);
    expect(await phone.call('door_card', { door: doorId(1) })).not.toBeNull();
  });
});

describe('what arrives while the store fails', () => {
  it.each(CASES)('comes again when $name', async ({ blow, times, hangs }) => {
    const phone = await phoneWithoutSignal();
    await phone.offline(() => phone.call('save_visit', phone.draft(doorId(1), { note: '等着送的' })));
    const hit = strike('readwrite', 'outbox', times, blow);
    await outcomeOf(phone, phone.exchange(), () => Boolean(hangs) && hit.struck > 0);
    heal();
    await startAgainIfEnded(phone);
    phone.network.online = true;
    await phone.exchange();
    expect(await newVisits(phone)).toMatchObject([{ note: '等着送的', mark: 'on_server' }]);
    expect((await phone.call('status')).waiting).toBe(0);
  });
});

describe('a store that does not open', () => {
  it('because nothing answers: says so, and opens at the next try', async () => {
    const phone = await phoneWithoutSignal();
    await phone.call('save_visit', phone.draft(doorId(1), { note: '打不开之前存的' }));
    await phone.kill();
    strikeOpening(1);
    expect(await outcomeOf(phone, phone.start(), () => true)).toBe('store_silent');
    await phone.start();
    expect(await newVisits(phone)).toMatchObject([{ note: '打不开之前存的' }]);
  });

  it('because a newer app made it: says so kindly, and has written nothing', async () => {
    const phone = await phoneWithoutSignal();
    const draft = phone.draft(doorId(2), { note: '新版里写的草稿' });
    await phone.call('put_draft', draft);
    await phone.kill();
    const newer = await openedAt(phone.database, LAYOUT_VERSION + 1);
    const before = await dump(newer);
    newer.close();
    expect(await outcomeOf(phone, phone.start(), () => false)).toBe('store_newer');
    const after = await openedAt(phone.database, LAYOUT_VERSION + 1);
    expect(await dump(after)).toEqual(before);
    after.close();
  });

  it('any more, because a newer app in another window made it newer: says so, and writes nothing', async () => {
    const phone = await phoneWithoutSignal();
    const newer = await openedAt(phone.database, LAYOUT_VERSION + 1);
    const before = await dump(newer);
    const draft = phone.draft(doorId(1), { note: '旧窗口里写的' });
    expect(await outcomeOf(phone, phone.call('put_draft', draft), () => false)).toBe('store_newer');
    expect(await outcomeOf(phone, phone.call('save_visit', draft), () => false)).toBe('store_newer');
    expect(await dump(newer)).toEqual(before);
    newer.close();
  });
});

function openedAt(name: string, version: number): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('did not open')));
  });
}

async function dump(database: IDBDatabase): Promise<unknown> {
  const names = [...database.objectStoreNames];
  const transaction = database.transaction(names);
  return Promise.all(names.map((name) => new Promise((resolve) => {
    const request = transaction.objectStore(name).getAll();
    request.onsuccess = () => resolve([name, request.result]);
  })));
}
