// The desk walks no feed: it asks for what a supervisor opens, and writes the same way as a phone.

import { beforeEach, describe, expect, it } from 'vitest';
import type { Office } from '../testing/office.ts';
import { Phone } from '../testing/phone.ts';
import { automerge } from '../testing/platform.ts';
import { CHEN, doorId, LIN, officeWithDoors, ZHOU } from '../testing/practice.ts';

const A = await automerge();
let office: Office;
let chen: Phone;
let desk: Phone;
let visit: string;

beforeEach(async () => {
  office = officeWithDoors(A, 4);
  chen = await Phone.enrol(office, CHEN);
  await chen.exchange();
  ({ visit } = await chen.call('save_visit', chen.draft(doorId(1), { note: '水管漏水，已联系物业。', outcome: 'has_matter' })));
  await chen.exchange();
  desk = await Phone.enrol(office, ZHOU);
});

describe('the desk', () => {
  it('reads the code lists without walking any feed', async () => {
    await desk.exchange();
    expect((await desk.call('lists')).outcomes.map((entry) => entry.zh)).toEqual(['见面', '未遇']);
    expect(await desk.call('buildings')).toEqual([]);
    const hello = office.requests.at(-1)?.[0];
    expect(hello).toMatchObject({ frame: 'hello', feeds: [] });
  });

  it('opens a visit it never saw, with its door and its author', async () => {
    expect(await desk.call('visit', { visit })).toMatchObject({
      whole: true, note: '水管漏水，已联系物业。', by_name: '陈小满', door: { building: '3', label: '101' },
    });
  });

  it('reviews through the same exchange, and the worker sees it', async () => {
    await desk.call('visit', { visit });
    await desk.call('review', { visit, state: 'accepted', comment: '已派单' });
    await desk.settled();
    expect((await desk.call('status')).waiting).toBe(0);
    await chen.exchange();
    expect((await chen.call('my_visits', { limit: 1 }))[0]).toMatchObject({
      mark: 'seen', review: { state: 'accepted', by_name: '周明月', comment: '已派单' },
    });
    const view = await chen.call('visit', { visit });
    expect(view?.comment_runs.map((run) => [run.name, run.text])).toEqual([['周明月', '已派单']]);
    expect(view?.history.map((entry) => [entry.name, entry.fields.includes('review/state')]))
      .toEqual([['陈小满', false], ['周明月', true]]);
  });

  it('says the same thing once, however often it is asked', async () => {
    await desk.call('visit', { visit });
    await desk.call('review', { visit, state: 'accepted', comment: '好' });
    await desk.call('review', { visit, state: 'accepted', comment: '好' });
    await desk.settled();
    expect(office.documents.get(visit)?.changes).toHaveLength(2);
  });

  it('settles what two workers answered differently, and only that', async () => {
    const lin = await Phone.enrol(office, LIN);
    await lin.exchange();
    const heads = (await lin.call('visit', { visit }))?.heads;
    await chen.call('save_visit', chen.draft(doorId(1), { visit, base_heads: heads, note: '水管漏水，已联系物业。', outcome: 'met' }));
    await lin.call('save_visit', lin.draft(doorId(1), { visit, base_heads: heads, note: '水管漏水，已联系物业。', outcome: 'phone' }));
    await chen.exchange();
    await lin.exchange();
    expect((await desk.call('visit', { visit }))?.conflicts).toEqual(['outcome']);
    await desk.call('settle', { visit, path: 'outcome', value: 'met' });
    await desk.call('settle', { visit, path: 'purpose', value: 'survey' });
    await desk.settled();
    await chen.exchange();
    expect(await chen.call('visit', { visit })).toMatchObject({ outcome: 'met', purpose: 'routine', conflicts: [] });
  });

  it('sees what was written since it last looked', async () => {
    await desk.call('visit', { visit });
    await chen.call('save_visit', chen.draft(doorId(1), { visit, note: '水管漏水，已联系物业。物业已到。', outcome: 'has_matter' }));
    await chen.exchange();
    desk.nowMs += 60_000;
    expect((await desk.call('visit', { visit }))?.note).toBe('水管漏水，已联系物业。物业已到。');
  });
});

describe('an office that was restored from an older copy', () => {
  /** What the office has in no document. */
  const notThere = (hashes: string[]): string[] =>
    hashes.filter((hash) => ![...office.documents.values()].some((held) => held.changes.some((change) => change.hash === hash)));

  it('gets a review that it had acknowledged again, once the desk is opened', async () => {
    desk.lacking = notThere;
    await desk.call('visit', { visit });
    const restore = office.backup();
    await desk.call('review', { visit, state: 'accepted', comment: '已派单' });
    await desk.settled();
    expect((await desk.call('status')).waiting).toBe(0);
    restore();
    expect(office.documents.get(visit)?.changes).toHaveLength(1);
    await desk.kill();
    await desk.start();
    await desk.settled();
    expect(office.documents.get(visit)?.changes).toHaveLength(2);
    expect((await desk.call('status')).waiting).toBe(0);
  });

  it('gets what lay in its tray again, although no feed differs', async () => {
    office.judge = () => ({ status: 'held', reason: 'too_large' });
    await chen.call('visit', { visit });
    await chen.call('save_visit', chen.draft(doorId(1), { visit, note: '在待处理里' }));
    await chen.settled();
    expect((await chen.call('status')).held).toHaveLength(1);
    office.judge = () => undefined;
    chen.lacking = (hashes) => hashes;
    await chen.kill();
    await chen.start();
    await chen.settled();
    expect((await chen.call('status')).held).toHaveLength(0);
    expect(office.open(visit)['note']).toBe('在待处理里');
  });
});
