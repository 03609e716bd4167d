// An app that is renewed while work is unsent: every layout of the store that was ever released opens, and nothing is lost.
// A fixture is what the app of its time left on a phone. After a new migration, write the next one with
// STAIRWELL_WRITE_LAYOUT=1 npx vitest run src/worker/store/layouts.test.ts; those before are never written again.

import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Office } from '../testing/office.ts';
import { dumpLayout, keptVersions, readLayout, restoreLayout, writeLayout } from '../testing/layouts.ts';
import { Phone } from '../testing/phone.ts';
import { automerge } from '../testing/platform.ts';
import { CHEN, LIN, doorId, officeWithDoors } from '../testing/practice.ts';
import { LAYOUT_VERSION } from './migrations.ts';

const A = await automerge();
const DOORS = 6;
const SENT = '送到过平台的';
const REFUSED = '平台没有收下的';
const HELD = '在待处理里的';
const UNSENT = ['没送出去的第一条', '没送出去的第二条'];
const EDITED = '没送出去的第一条，又改了一次';
const DRAFTS = ['写了一半的', '改到一半的'];

/** A phone in the middle of a day: everything a store can hold, with the signal gone. */
async function busyPhone(office: Office): Promise<Phone> {
  const phone = await Phone.enrol(office, CHEN);
  const lin = await Phone.enrol(office, LIN);
  await lin.exchange();
  await lin.call('save_visit', lin.draft(doorId(6), { note: '同事写的' }));
  await lin.exchange();
  await phone.exchange();
  const sent = await phone.call('save_visit', phone.draft(doorId(1), { note: SENT }));
  await phone.settled();
  office.judge = () => ({ status: 'held', reason: 'waits' });
  await phone.call('save_visit', phone.draft(doorId(2), { note: HELD }));
  await phone.settled();
  office.judge = () => ({ status: 'refused', reason: 'tray_full' });
  await phone.call('save_visit', phone.draft(doorId(3), { note: REFUSED }));
  await phone.settled();
  office.judge = () => undefined;
  phone.network.online = false;
  const { visit } = await phone.call('save_visit', phone.draft(doorId(4), { note: UNSENT[0] as string }));
  await phone.call('save_visit', phone.draft(doorId(4), { note: EDITED, visit }));
  await phone.call('save_visit', phone.draft(doorId(5), { note: UNSENT[1] as string }));
  await phone.call('put_draft', phone.draft(doorId(6), { note: DRAFTS[0] as string, selection: 3 }));
  await phone.call('put_draft', phone.draft(doorId(1), { note: DRAFTS[1] as string, visit: sent.visit }));
  await phone.settled();
  await phone.kill();
  await lin.kill();
  return phone;
}

describe('the layouts of the store', () => {
  it('that were released have each a fixture', async () => {
    if (process.env['STAIRWELL_WRITE_LAYOUT']) {
      const phone = await busyPhone(officeWithDoors(A, DOORS));
      const layout = await dumpLayout(phone.database, phone.nowMs);
      const file = new URL(`../testing/layouts/version-${layout.version}.json`, import.meta.url);
      if (!existsSync(file)) await writeLayout(layout);
    }
    expect(await keptVersions()).toEqual(Array.from({ length: LAYOUT_VERSION }, (_, before) => before + 1));
  });
});

describe.each(await keptVersions())('a store of layout %i', (version) => {
  async function opened() {
    const layout = await readLayout(version);
    const office = officeWithDoors(A, DOORS);
    const phone = await Phone.over(office, CHEN, layout.at + 60_000, (database) => restoreLayout(database, layout));
    return { office, phone };
  }

  it('opens with its drafts, its doors and what waits', async () => {
    const { phone } = await opened();
    phone.network.online = false;
    await phone.start();
    await phone.settled();
    expect((await phone.call('identity'))?.person.name).toBe('陈小满');
    expect((await phone.call('drafts')).map((it) => it.note).sort()).toEqual([...DRAFTS].sort());
    expect((await phone.call('drafts')).find((it) => it.note === DRAFTS[0])?.selection).toBe(3);
    expect((await phone.call('buildings'))[0]).toMatchObject({ doors: DOORS });
    expect(await phone.call('status')).toMatchObject({ waiting: 3, held: [{ status: 'refused' }, { status: 'held' }] });
    const marks = (await phone.call('my_visits', { limit: 9 })).map((it) => [it.note, it.mark]);
    expect(Object.fromEntries(marks)).toMatchObject({ [SENT]: 'on_server', [HELD]: 'held', [REFUSED]: 'refused', [EDITED]: 'on_phone' });
  });

  it('sends everything unsent, once, and what it then holds is what the office holds', async () => {
    const { office, phone } = await opened();
    await phone.start();
    await phone.settled();
    // The button sends what was refused once more.
    await phone.exchange();
    expect((await phone.call('status')).waiting).toBe(0);
    const notes = [...office.documents.values()].filter((held) => held.kind === 'visit')
      .map((held) => String((office.open(held.document) as { note?: unknown }).note));
    for (const note of [EDITED, UNSENT[1], REFUSED]) expect(notes.filter((it) => it === note)).toEqual([note]);
  });

  it('takes new work beside the old, and a draft goes on as the visit it was begun for', async () => {
    const { phone } = await opened();
    phone.network.online = false;
    await phone.start();
    const draft = (await phone.call('drafts')).find((it) => it.visit !== undefined);
    if (!draft) throw new Error('the draft of an edit is gone');
    await phone.call('save_visit', { ...draft, note: '改完了', changed_at: draft.changed_at + 1 });
    await phone.call('save_visit', phone.draft(doorId(2), { note: '换新之后写的' }));
    const notes = (await phone.call('my_visits', { limit: 9 })).map((it) => it.note);
    expect(notes).toEqual(expect.arrayContaining(['换新之后写的', '改完了', EDITED]));
    expect((await phone.call('status')).waiting).toBe(5);
  });
});
