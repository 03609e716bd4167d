// Two workers, one stairway, one office: what each writes reaches the other, and nothing is lost on the way.

import { beforeEach, describe, expect, it } from 'vitest';
import type { Office } from '../testing/office.ts';
import { Phone } from '../testing/phone.ts';
import { automerge } from '../testing/platform.ts';
import { CHEN, doorId, LIN, officeWithDoors } from '../testing/practice.ts';

const A = await automerge();
let office: Office;
let chen: Phone;
let lin: Phone;

beforeEach(async () => {
  office = officeWithDoors(A, 8);
  chen = await Phone.enrol(office, CHEN);
  lin = await Phone.enrol(office, LIN);
  await chen.exchange();
  await lin.exchange();
});

describe('the first exchange', () => {
  it('brings every door in one request and opens no document', async () => {
    expect((await chen.call('buildings')).map(({ building, doors, dark }) => ({ building, doors, dark })))
      .toEqual([{ building: '3', doors: 8, dark: 8 }]);
    expect(office.requests).toHaveLength(2);
    expect(await chen.call('counters')).toMatchObject({ documents_loaded: 0, exchanges: 1 });
  });

  it('leaves nothing to ask for in the second', async () => {
    await chen.exchange();
    expect(office.requests).toHaveLength(3);
    expect(office.requests.at(-1)).toHaveLength(1);
  });
});

describe('a saved visit', () => {
  it('is on the phone at once and at the office after an exchange', async () => {
    const { visit } = await chen.offline(() => chen.call('save_visit', chen.draft(doorId(1), { note: '老人在家，一切都好。' })));
    expect((await chen.call('my_visits', { limit: 10 })).map((row) => [row.id, row.mark])).toEqual([[visit, 'on_phone']]);
    expect((await chen.call('building_face', { building: '3' })).floors.at(-1)?.doors[0]).toMatchObject({ light: 'lit', unsent: true });
    await chen.exchange();
    expect((await chen.call('my_visits', { limit: 10 }))[0]?.mark).toBe('on_server');
    expect(office.open(visit)['note']).toBe('老人在家，一切都好。');
  });

  it('is read by the other phone with its author', async () => {
    const { visit } = await chen.call('save_visit', chen.draft(doorId(1), { note: '敲门无人应答。', outcome: 'no_answer' }));
    await chen.exchange();
    await lin.exchange();
    const view = await lin.call('visit', { visit });
    expect(view).toMatchObject({ whole: true, by_name: '陈小满', note: '敲门无人应答。', outcome: 'no_answer' });
    expect(view?.runs.map((run) => [run.name, run.text])).toEqual([['陈小满', '敲门无人应答。']]);
  });

  it('asked twice with the same draft is one visit', async () => {
    const draft = chen.draft(doorId(2), { note: '一次' });
    const [first, second] = await Promise.all([chen.call('save_visit', draft), chen.call('save_visit', draft)]);
    expect(second).toEqual(first);
    expect(await chen.call('my_visits', { limit: 10 })).toHaveLength(1);
  });

  it('goes on being one visit when its writer goes on writing', async () => {
    const draft = chen.draft(doorId(2), { note: '先存一次' });
    const { visit } = await chen.call('save_visit', draft);
    const again = await chen.call('save_visit', { ...draft, changed_at: draft.changed_at + 5, note: '先存一次，再补一句' });
    expect(again.visit).toBe(visit);
    await chen.exchange();
    expect(office.open(visit)['note']).toBe('先存一次，再补一句');
  });

  it('ends its draft in the same moment, and a late keystroke does not bring it back', async () => {
    const draft = chen.draft(doorId(3), { note: '写到一半' });
    await chen.call('put_draft', draft);
    await chen.call('save_visit', draft);
    await chen.call('put_draft', draft);
    expect(await chen.call('drafts')).toEqual([]);
  });
});

describe('two people in one note', () => {
  it('keeps both when each wrote without having seen the other', async () => {
    const { visit } = await chen.call('save_visit', chen.draft(doorId(1), { note: '家中有人。' }));
    await chen.exchange();
    await lin.exchange();
    const [byChen, byLin] = [await chen.call('visit', { visit }), await lin.call('visit', { visit })];
    await chen.call('save_visit', chen.draft(doorId(1), { visit, base_heads: byChen?.heads, note: '家中有人。窗户渗雨。', outcome: 'has_matter' }));
    await lin.call('save_visit', lin.draft(doorId(1), { visit, base_heads: byLin?.heads, note: '下午再访，家中有人。', outcome: 'phone' }));
    await chen.exchange();
    await lin.exchange();
    await chen.exchange();
    const [left, right] = [await chen.call('visit', { visit }), await lin.call('visit', { visit })];
    expect(left?.note).toBe('下午再访，家中有人。窗户渗雨。');
    expect(right?.note).toBe(left?.note);
    expect(left?.conflicts).toEqual(['outcome']);
    expect(left?.conflict_values[0]?.values.map((value) => value.name).sort()).toEqual(['林秋实', '陈小满']);
    expect(left?.conflict_values[0]?.values[0]?.value).toBe(left?.outcome);
    expect(await chen.call('door_card', { door: doorId(1) })).toMatchObject({ visits: [{ conflicts: ['outcome'] }] });
  });

  it('merges what arrived while someone was writing instead of taking it back', async () => {
    const { visit } = await chen.call('save_visit', chen.draft(doorId(1), { note: '家中有人。' }));
    await chen.exchange();
    await lin.exchange();
    await chen.call('visit', { visit });
    const draft = chen.draft(doorId(1), { visit, note: '家中有人。老人' });
    await chen.call('put_draft', draft);
    await lin.call('visit', { visit });
    await lin.call('save_visit', lin.draft(doorId(1), { visit, note: '（补）家中有人。' }));
    await lin.exchange();
    await chen.exchange();
    await chen.call('put_draft', { ...draft, changed_at: draft.changed_at + 1, note: '家中有人。老人下楼了。' });
    const stored = await chen.call('draft', { key: draft.key });
    expect(stored?.base_note).toBe('家中有人。');
    await chen.call('save_visit', { ...draft, changed_at: draft.changed_at + 2, note: '家中有人。老人下楼了。' });
    expect((await chen.call('visit', { visit }))?.note).toBe('（补）家中有人。老人下楼了。');
  });

  it('opens only the document it has itself changed while exchanging', async () => {
    const { visit } = await chen.call('save_visit', chen.draft(doorId(1), { note: '家中有人。' }));
    await chen.call('save_visit', chen.draft(doorId(2), { note: '无关的一户。' }));
    await chen.exchange();
    await lin.exchange();
    await lin.call('visit', { visit });
    await lin.call('save_visit', lin.draft(doorId(1), { visit, note: '家中有人。再访。' }));
    await lin.exchange();
    const before = (await chen.call('counters')).documents_loaded;
    await chen.exchange();
    expect((await chen.call('counters')).documents_loaded).toBe(before);
    expect((await chen.call('my_visits', { limit: 1 }))[0]?.id).toBeDefined();
    expect((await chen.call('visit', { visit }))?.note).toBe('家中有人。再访。');
  });
});
