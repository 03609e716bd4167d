// An office that was restored from a copy: what a phone wrote is offered again.

import { openDB } from 'idb';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Version } from './frames.ts';
import type { Office } from '../testing/office.ts';
import { Colleague } from '../testing/colleague.ts';
import { GRID, Phone } from '../testing/phone.ts';
import { automerge } from '../testing/platform.ts';
import { CHEN, doorId, LIN, officeWithDoors, ZHOU } from '../testing/practice.ts';
import { Tray } from '../testing/tray.ts';
import type { Answer } from '../testing/wire-server.ts';
import { witness } from '../testing/witness.ts';

const A = await automerge();
const HOUR_MS = 60 * 60 * 1000;
let office: Office;
let chen: Phone;

beforeEach(async () => {
  office = officeWithDoors(A, 4);
  chen = await Phone.enrol(office, CHEN);
  await chen.exchange();
});

async function rewritten(phone: Phone, visit: string, note: string): Promise<void> {
  await phone.call('visit', { visit });
  await phone.call('save_visit', phone.draft(doorId(1), { visit, note }));
  await phone.settled();
}

function noteAt(at: Office, visit: string): unknown {
  return at.documents.has(visit) ? at.open(visit)['note'] : undefined;
}

async function markAt(phone: Phone, visit: string): Promise<string | undefined> {
  return (await phone.call('my_visits', { limit: 9 })).find((row) => row.id === visit)?.mark;
}

/** An exchange in which the signal goes once an answer held this. */
async function exchangeUntil(phone: Phone, isTold: (frame: Answer) => boolean): Promise<void> {
  phone.network.beforeAnswer = async () => {
    if (office.answers.at(-1)?.some(isTold)) throw new TypeError('no network');
  };
  await phone.exchange();
  phone.network.beforeAnswer = undefined;
}

const isComparison = (frame: Answer): boolean => frame.frame === 'compared';

describe.each<Version>([2, 1])('an office of version %i that was restored from a copy', (version) => {
  beforeEach(async () => {
    office.speaks = version;
    await chen.kill();
    await chen.start();
    await chen.settled();
  });

  it('is offered again what a phone wrote since, and then holds the same as the phone', async () => {
    const restore = office.backup();
    const visit = await chen.written(doorId(1), '备份之后写的');
    restore();
    await chen.exchange();
    expect(noteAt(office, visit)).toBe('备份之后写的');
    expect(await markAt(chen, visit)).toBe('on_server');
    expect(await chen.feedIsEqual(GRID)).toBe(true);
  });

  it('hears nothing twice: once it has everything, a trip is one request without changes', async () => {
    const restore = office.backup();
    const visit = await chen.written(doorId(1), '备份之后写的');
    restore();
    const before = office.requests.length;
    await chen.exchange();
    expect(office.sentSince(before, visit)).toBe(1);
    const after = office.requests.length;
    await chen.exchange();
    expect(office.requests.length).toBe(after + 1);
    expect(office.sentSince(after, visit)).toBe(0);
  });

  it('is offered an edit of what the copy holds older, and the visit opens as it was written meanwhile', async () => {
    const visit = await chen.written(doorId(1), '第一稿');
    const restore = office.backup();
    await rewritten(chen, visit, '第二稿');
    restore();
    await exchangeUntil(chen, (frame) => (frame.frame === 'news' || frame.frame === 'document') && frame.document === visit && frame.whole);
    expect(await markAt(chen, visit)).toBe('on_phone');
    chen.network.online = false;
    expect(await chen.call('visit', { visit })).toMatchObject({ whole: true, note: '第二稿' });
    chen.network.online = true;
    await chen.exchange();
    expect(await chen.call('visit', { visit })).toMatchObject({ whole: true, mark: 'on_server', note: '第二稿' });
    expect(noteAt(office, visit)).toBe('第二稿');
    expect(await chen.feedIsEqual(GRID)).toBe(true);
  });

  it('is offered an edit also where colleagues have written on, so that no place in the feed tells of a restore', async () => {
    const visit = await chen.written(doorId(1), '第一稿');
    const restore = office.backup();
    const lin = new Colleague(A, office, LIN);
    lin.edit(visit, '第一稿', 'phone');
    const bytes = office.documents.get(visit)?.changes.at(-1)?.bytes ?? new Uint8Array();
    await chen.exchange();
    await rewritten(chen, visit, '第二稿');
    restore();
    // All that is news to the phone has its ground there; only the phone's own edit is missing.
    office.put(visit, 'visit', GRID, LIN.device, bytes);
    await lin.visit(doorId(2), '另一户');
    lin.edit(visit, '第一稿', 'no_answer');
    await chen.exchange();
    expect(noteAt(office, visit)).toBe('第二稿');
    expect(await chen.feedIsEqual(GRID)).toBe(true);
  });

  it('may be restored from the same copy once more', async () => {
    const restore = office.backup();
    const visit = await chen.written(doorId(1), '备份之后写的');
    for (let times = 0; times < 2; times++) {
      restore();
      chen.nowMs += 2 * HOUR_MS;
      await chen.exchange();
      expect(noteAt(office, visit)).toBe('备份之后写的');
      await chen.exchange();
    }
  });
});

describe('what a restored office has lost', () => {
  it('is shown as waiting, and is in the second copy of unsent work', async () => {
    const restore = office.backup();
    const visit = await chen.written(doorId(1), '备份之后写的');
    expect(await markAt(chen, visit)).toBe('on_server');
    restore();
    await exchangeUntil(chen, isComparison);
    expect(await markAt(chen, visit)).toBe('on_phone');
    expect(await chen.call('status')).toMatchObject({ waiting: 1, oldest_waiting_at: chen.nowMs });
    expect((await chen.call('building_face', { building: '3' })).floors.flatMap((floor) => floor.doors).find((door) => door.id === doorId(1)))
      .toMatchObject({ unsent: true });
    const kept = await witness(chen, (told) => told?.unsent.length === 1);
    expect(kept?.unsent).toMatchObject([{ document: visit, door: doorId(1), at: chen.nowMs }]);
  });

  it('still waits when the app was killed before it could be sent', async () => {
    const restore = office.backup();
    const visit = await chen.written(doorId(1), '备份之后写的');
    restore();
    await exchangeUntil(chen, isComparison);
    await chen.kill();
    const database = await openDB(chen.database);
    // The office's word of before counts no more.
    expect(await database.getAll('settled')).toEqual([]);
    database.close();
    await chen.start();
    expect(await markAt(chen, visit)).toBe('on_phone');
    await chen.settled();
    await chen.exchange();
    expect(noteAt(office, visit)).toBe('备份之后写的');
  });

  it('comes again change by change in the order in which it was made', async () => {
    Tray.at(A, office);
    const restore = office.backup();
    // The longer comes first: else the size would give the order away.
    const visit = await chen.written(doorId(1), '很长的第一稿'.repeat(40));
    await rewritten(chen, visit, '短');
    await rewritten(chen, visit, '短一些');
    restore();
    await chen.exchange();
    expect((await chen.call('status')).held).toEqual([]);
    expect(noteAt(office, visit)).toBe('短一些');
    expect(await chen.feedIsEqual(GRID)).toBe(true);
  });

  it('comes again under an edit that went to the tray for the want of it', async () => {
    Tray.at(A, office);
    const restore = office.backup();
    const visit = await chen.written(doorId(1), '第一稿');
    restore();
    const before = office.requests.length;
    await rewritten(chen, visit, '第二稿');
    await chen.exchange();
    // The edit, and then both.
    expect(office.sentSince(before, visit)).toBe(3);
    expect(noteAt(office, visit)).toBe('第二稿');
    expect(await chen.call('visit', { visit })).toMatchObject({ mark: 'on_server', note: '第二稿' });
  });

  it('goes before an edit that is still to be sent', async () => {
    const restore = office.backup();
    const visit = await chen.written(doorId(1), '很长的第一稿'.repeat(40));
    office.judge = () => ({ status: 'refused', reason: 'tray_full' });
    await rewritten(chen, visit, '短');
    restore();
    await exchangeUntil(chen, isComparison);
    Tray.at(A, office);
    await chen.exchange();
    expect((await chen.call('status')).held).toEqual([]);
    expect(noteAt(office, visit)).toBe('短');
  });

  it('is offered too where it lies in one compacted piece', async () => {
    const restore = office.backup();
    const visit = await chen.written(doorId(1), '第一稿');
    await rewritten(chen, visit, '第二稿');
    office.compacted.add(visit);
    // The browser cleared the store, and the visit was opened again since.
    chen = await Phone.enrol(office, CHEN);
    await chen.exchange();
    await chen.call('visit', { visit });
    office.compacted.clear();
    restore();
    await chen.exchange();
    expect(noteAt(office, visit)).toBe('第二稿');
    expect(await chen.call('visit', { visit })).toMatchObject({ mark: 'on_server', note: '第二稿' });
    expect(await chen.feedIsEqual(GRID)).toBe(true);
  });

  it('is found missing in a compacted piece as well', async () => {
    const visit = await chen.written(doorId(1), '第一稿');
    const restore = office.backup();
    await rewritten(chen, visit, '第二稿');
    restore();
    office.compacted.add(visit);
    // Once the office has something newer of another hand, the whole of it comes.
    new Colleague(A, office, LIN).edit(visit, '第一稿', 'phone');
    await chen.exchange();
    chen.nowMs += 2 * HOUR_MS;
    await chen.exchange();
    expect(await chen.call('visit', { visit })).toMatchObject({ note: '第二稿', outcome: 'phone' });
    expect(noteAt(office, visit)).toBe('第二稿');
  });
});

describe('a tray that was lost with what it held', () => {
  it('is filled again where the feed tells of a restore', async () => {
    const restore = office.backup();
    await chen.written(doorId(1), '收下的');
    office.judge = () => ({ status: 'held', reason: 'feed_not_yours' });
    const visit = await chen.written(doorId(2), '在待处理里的');
    restore();
    const before = office.requests.length;
    await chen.exchange();
    expect(office.sentSince(before, visit)).toBeGreaterThan(0);
    expect(await chen.call('visit', { visit })).toMatchObject({ mark: 'held', note: '在待处理里的' });
  });
});

describe('a copy that is older than what the phone knows as the past', () => {
  it('does not keep what the phone wrote from coming again', async () => {
    const restore = office.backup();
    const lin = new Colleague(A, office, LIN);
    for (let number = 1; number <= 4; number++) await lin.visit(doorId(number), '备份之后，手机登记之前');
    chen = await Phone.enrol(office, CHEN);
    await chen.exchange();
    const visit = await chen.written(doorId(1), '第一稿');
    restore();
    await chen.exchange();
    expect(noteAt(office, visit)).toBe('第一稿');
    await chen.exchange();
    await rewritten(chen, visit, '第二稿');
    expect(noteAt(office, visit)).toBe('第二稿');
    chen.nowMs += 2 * HOUR_MS;
    await chen.exchange();
    expect(await chen.feedIsEqual(GRID)).toBe(true);
    expect((await chen.call('my_visits', { limit: 9 })).map((row) => [row.note, row.mark])).toEqual([['第二稿', 'on_server']]);
  });

  it('does not keep the phone from hearing what colleagues write next', async () => {
    const restore = office.backup();
    const lin = new Colleague(A, office, LIN);
    for (let number = 1; number <= 4; number++) await lin.visit(doorId(number), '备份之后，手机登记之前');
    chen = await Phone.enrol(office, CHEN);
    await chen.exchange();
    restore();
    await chen.exchange();
    const later = new Colleague(A, office, LIN);
    for (let number = 1; number <= 3; number++) {
      await later.visit(doorId(number), '恢复之后');
      await chen.exchange();
      expect((await chen.call('door_card', { door: doorId(number) }))?.visits.map((row) => row.note)).toEqual(['恢复之后']);
    }
  });

  it('does not make the bytes on the phone grow with each restore', async () => {
    const restore = office.backup();
    const visit = await chen.written(doorId(1), '恢复了又恢复');
    const lengthHere = async (): Promise<number> => {
      const database = await openDB(chen.database);
      const { bytes } = await database.get('chunks', visit) as { bytes: Uint8Array };
      database.close();
      return bytes.length;
    };
    const before = await lengthHere();
    for (let times = 0; times < 3; times++) {
      restore();
      await chen.exchange();
      expect(noteAt(office, visit)).toBe('恢复了又恢复');
      expect(await lengthHere()).toBe(before);
    }
  });
});

describe('a change of a colleague that was lost under our own', () => {
  let lin: Phone;
  let visit: string;
  let tray: Tray;

  beforeEach(async () => {
    tray = Tray.at(A, office);
    visit = await chen.written(doorId(1), '第一稿');
    lin = await Phone.enrol(office, LIN);
    await lin.exchange();
    const restore = office.backup();
    await rewritten(lin, visit, '第一稿，同事补充');
    await chen.exchange();
    await rewritten(chen, visit, '第一稿，同事补充，我再补充');
    restore();
  });

  it('does not keep the visit from opening', async () => {
    await chen.exchange();
    expect(await chen.call('visit', { visit })).toMatchObject({ whole: true, mark: 'held', held_reason: 'waits', note: '第一稿，同事补充，我再补充' });
    expect(await chen.feedIsEqual(GRID)).toBe(true);
  });

  it('nor does the next whole answer, while our own is in the tray', async () => {
    await chen.exchange();
    new Colleague(A, office, ZHOU).edit(visit, '第一稿', 'phone');
    await chen.exchange();
    expect(office.requests.slice(-2).flat()).toContainEqual({ frame: 'want', document: visit });
    expect(await chen.call('visit', { visit })).toMatchObject({ mark: 'held', outcome: 'phone', note: '第一稿，同事补充，我再补充' });
    expect(await chen.feedIsEqual(GRID)).toBe(true);
  });

  it('is offered by its own phone, and both are at the office in the end', async () => {
    await chen.exchange();
    await lin.exchange();
    tray.empty();
    for (const phone of [chen, lin]) await phone.exchange();
    expect(noteAt(office, visit)).toBe('第一稿，同事补充，我再补充');
    expect(await chen.call('visit', { visit })).toMatchObject({ mark: 'on_server', note: '第一稿，同事补充，我再补充' });
    for (const phone of [chen, lin]) expect(await phone.feedIsEqual(GRID)).toBe(true);
  });
});
