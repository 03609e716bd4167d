// A document that its feed lists no more: the office lost it, or it belongs to another grid now. Nobody can tell at first.

import { openDB } from 'idb';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Office } from '../testing/office.ts';
import { Colleague } from '../testing/colleague.ts';
import { GRID, Phone } from '../testing/phone.ts';
import { automerge } from '../testing/platform.ts';
import { CHEN, doorId, LIN, officeWithDoors } from '../testing/practice.ts';

const A = await automerge();
const OTHER_GRID = 'c0000000-0000-4000-8000-000000000002';
const HOUR_MS = 60 * 60 * 1000;
let office: Office;
let chen: Phone;

beforeEach(async () => {
  office = officeWithDoors(A, 4);
  chen = await Phone.enrol(office, CHEN);
  await chen.exchange();
});

describe('a document that its feed lists no more', () => {
  function leaveTheFeed(document: string): void {
    const held = office.documents.get(document);
    if (held) held.feed = OTHER_GRID;
  }

  it('is offered once where this phone wrote in it, and then forgotten', async () => {
    const visit = await chen.written(doorId(1), '这户划到了别的网格');
    leaveTheFeed(visit);
    const before = office.requests.length;
    await chen.exchange();
    expect(office.sentSince(before, visit)).toBe(1);
    expect(await chen.call('my_visits', { limit: 9 })).toEqual([]);
    expect(await chen.call('status')).toMatchObject({ waiting: 0, held: [] });
    const after = office.requests.length;
    expect(await chen.feedIsEqual(GRID)).toBe(true);
    expect(office.requests.length).toBe(after + 1);
  });

  it('stays with its words where the office puts them into the tray', async () => {
    const visit = await chen.written(doorId(1), '这户划到了别的网格');
    leaveTheFeed(visit);
    office.judge = () => ({ status: 'held', reason: 'feed_not_yours' });
    await chen.exchange();
    expect(await chen.call('visit', { visit })).toMatchObject({ mark: 'held', note: '这户划到了别的网格' });
    expect(await chen.feedIsEqual(GRID)).toBe(true);
  });

  it('is not sent for ever where the office has one change of ours and keeps another in its tray', async () => {
    const visit = await chen.written(doorId(1), '第一稿');
    office.judge = () => ({ status: 'held', reason: 'feed_not_yours' });
    await chen.call('visit', { visit });
    await chen.call('save_visit', chen.draft(doorId(1), { visit, note: '第二稿' }));
    await chen.settled();
    leaveTheFeed(visit);
    chen.nowMs += 2 * HOUR_MS;
    await chen.exchange();
    const before = office.requests.length;
    for (let times = 0; times < 3; times++) {
      chen.nowMs += 2 * HOUR_MS;
      await chen.exchange();
    }
    expect(office.sentSince(before, visit)).toBe(0);
    expect(await chen.call('visit', { visit })).toMatchObject({ mark: 'held', note: '第二稿' });
    expect(await chen.feedIsEqual(GRID)).toBe(true);
  });

  it('is forgotten at once where others alone wrote in it', async () => {
    const visit = await new Colleague(A, office, LIN).visit(doorId(1), '同事写的');
    await chen.exchange();
    leaveTheFeed(visit);
    const before = office.requests.length;
    await chen.exchange();
    expect(office.sentSince(before, visit)).toBe(0);
    expect((await chen.call('door_card', { door: doorId(1) }))?.visits).toEqual([]);
    expect(await chen.feedIsEqual(GRID)).toBe(true);
  });

  it('is forgotten unopened where a compacted piece names others alone', async () => {
    const visit = await new Colleague(A, office, LIN).visit(doorId(1), '同事写的');
    office.compacted.add(visit);
    chen = await Phone.enrol(office, CHEN);
    await chen.exchange();
    expect(await chen.call('visit', { visit })).toMatchObject({ whole: true });
    const opened = (await chen.call('counters')).documents_loaded;
    leaveTheFeed(visit);
    await chen.exchange();
    expect((await chen.call('door_card', { door: doorId(1) }))?.visits).toEqual([]);
    expect((await chen.call('counters')).documents_loaded).toBe(opened);
  });

  it('is left as it is when nobody can tell what it holds, and holds up nothing', async () => {
    const visit = await chen.written(doorId(1), '打不开的');
    const other = await chen.written(doorId(2), '打得开的');
    await chen.kill();
    const database = await openDB(chen.database);
    const { bytes } = await database.get('chunks', visit) as { bytes: Uint8Array };
    await database.put('chunks', { id: visit, bytes: bytes.subarray(0, -1) });
    database.close();
    await chen.start();
    await chen.settled();
    for (const document of [visit, other]) leaveTheFeed(document);
    await chen.exchange();
    expect((await chen.call('my_visits', { limit: 9 })).map((row) => row.note)).toEqual(['打不开的']);
    expect((await chen.call('status')).last_error).toBeUndefined();
  });

  it('is left as it is while the library that opens a compacted piece is not on the phone', async () => {
    const visit = await chen.written(doorId(1), '合并成一块的');
    office.compacted.add(visit);
    chen = await Phone.enrol(office, CHEN);
    await chen.exchange();
    await chen.call('visit', { visit });
    leaveTheFeed(visit);
    await chen.kill();
    chen.loadAutomerge = () => Promise.reject(new TypeError('no network'));
    await chen.start();
    await chen.settled();
    expect((await chen.call('my_visits', { limit: 9 })).map((row) => row.mark)).toEqual(['on_server']);
    await chen.kill();
    chen.loadAutomerge = automerge;
    await chen.start();
    await chen.settled();
    chen.nowMs += 2 * HOUR_MS;
    const before = office.requests.length;
    await chen.exchange();
    expect(office.sentSince(before, visit)).toBe(1);
  });
});
