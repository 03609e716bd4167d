// News of documents: what is added, what the digest proves, and what is asked for when something is in doubt.

import { beforeEach, describe, expect, it } from 'vitest';
import type { Frame } from './frames.ts';
import { Colleague } from '../testing/colleague.ts';
import type { Office } from '../testing/office.ts';
import { GRID, Phone } from '../testing/phone.ts';
import { automerge } from '../testing/platform.ts';
import { CHEN, doorId, LIN, officeWithDoors } from '../testing/practice.ts';

const A = await automerge();
let office: Office;
let colleague: Colleague;
let chen: Phone;

beforeEach(async () => {
  office = officeWithDoors(A, 4);
  colleague = new Colleague(A, office, LIN);
  chen = await Phone.enrol(office, CHEN);
  await chen.exchange();
});

function wants(from: number): string[] {
  return office.requests.slice(from).flat().flatMap((frame: Frame) => (frame.frame === 'want' ? [frame.document] : []));
}

async function savedAndSent(note: string): Promise<string> {
  const { visit } = await chen.offline(() => chen.call('save_visit', chen.draft(doorId(1), { note })));
  await chen.exchange();
  return visit;
}

describe('another person’s words in a visit that is here whole', () => {
  it('are added to it, and its summary is patched, without asking for anything', async () => {
    const visit = await savedAndSent('家中有人。');
    colleague.edit(visit, '家中有人。再访。', 'phone');
    const asked = office.requests.length;
    await chen.exchange();
    expect(office.answers.at(-1)).toContainEqual(expect.objectContaining({ frame: 'news', summary: { patch: { note: '家中有人。再访。', note_chars: 8, outcome: 'phone' } } }));
    expect((await chen.call('my_visits', { limit: 1 }))[0]).toMatchObject({ note: '家中有人。再访。', outcome: 'phone', purpose: 'routine' });
    expect(await chen.call('visit', { visit })).toMatchObject({ whole: true, note: '家中有人。再访。' });
    expect([office.requests.length, wants(asked)]).toEqual([asked + 1, []]);
  });

  it('written on what only a lost receipt would have told of are added all the same', async () => {
    const { visit } = await chen.offline(() => chen.call('save_visit', chen.draft(doorId(1), { note: '家中有人。' })));
    chen.network.cutAfter = 0;
    await chen.exchange();
    colleague.edit(visit, '家中有人。再访。', 'phone');
    chen.network.cutAfter = undefined;
    office.judge = () => ({ status: 'refused', reason: 'tray_full' });
    const asked = office.requests.length;
    await chen.exchange();
    expect((await chen.call('visit', { visit }))?.note).toBe('家中有人。再访。');
    expect(wants(asked)).toEqual([]);
    expect(await chen.feedIsEqual(GRID)).toBe(true);
  });

  it('merge with what was written here and not sent, and the row shows both', async () => {
    const visit = await savedAndSent('家中有人。');
    const heads = (await chen.call('visit', { visit }))?.heads;
    colleague.edit(visit, '下午再访，家中有人。', 'phone');
    await chen.offline(() => chen.call('save_visit', chen.draft(doorId(1), { visit, base_heads: heads, note: '家中有人。窗户渗雨。', outcome: 'has_matter' })));
    office.unreadable = visit;
    await chen.exchange();
    expect((await chen.call('my_visits', { limit: 1 }))[0]).toMatchObject({ note: '下午再访，家中有人。窗户渗雨。', conflicts: ['outcome'], mark: 'on_phone' });
    office.unreadable = undefined;
    await chen.exchange();
    expect((await chen.call('my_visits', { limit: 1 }))[0]).toMatchObject({ note: '下午再访，家中有人。窗户渗雨。', mark: 'on_server' });
    expect(await chen.feedIsEqual(GRID)).toBe(true);
  });

  it('that came in the same answer as a receipt leave the right row, though the patch is for an older one', async () => {
    const visit = await savedAndSent('家中有人。');
    const before = (await chen.call('visit', { visit }))?.heads;
    await chen.offline(() => chen.call('save_visit', chen.draft(doorId(1), { visit, base_heads: before, note: '家中有人。', outcome: 'phone' })));
    chen.network.beforeAnswer = async () => {
      chen.network.beforeAnswer = undefined;
      colleague.edit(visit, '家中有人。再访。', 'met');
    };
    await chen.exchange();
    const row = (await chen.call('my_visits', { limit: 1 }))[0];
    const view = await chen.call('visit', { visit });
    expect(row).toMatchObject({ note: '家中有人。再访。', outcome: view?.outcome, conflicts: view?.conflicts });
    expect(await chen.feedIsEqual(GRID)).toBe(true);
  });

  it('of which one is left out are asked for by name', async () => {
    const visit = await savedAndSent('家中有人。');
    colleague.edit(visit, '家中有人。再访。');
    colleague.edit(visit, '家中有人。再访。又访。');
    office.leftOut = office.documents.get(visit)?.changes[1]?.hash;
    const asked = office.requests.length;
    await chen.exchange();
    expect(wants(asked)).toEqual([visit]);
    expect(await chen.call('visit', { visit })).toMatchObject({ whole: true, note: '家中有人。再访。又访。' });
  });
});

describe('a summary that was never here in full', () => {
  it('is not patched: the document is asked for', async () => {
    const visit = await colleague.visit(doorId(2), '二户');
    await chen.exchange();
    office.pageDocuments = 1;
    colleague.edit(visit, '二户，再访');
    await colleague.visit(doorId(3), '三户');
    let answers = 0;
    chen.network.beforeAnswer = async () => {
      // The first page tells of the edit; before the walk ends there, it is edited once more.
      if (answers++ === 1) colleague.edit(visit, '二户，再访', 'no_answer');
    };
    await chen.exchange();
    chen.network.beforeAnswer = undefined;
    expect((await chen.call('door_card', { door: doorId(2) }))?.visits[0]).toMatchObject({ note: '二户，再访', outcome: 'no_answer' });
    expect(await chen.feedIsEqual(GRID)).toBe(true);
  });
});
