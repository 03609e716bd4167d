// Whose phone this is.

import { beforeEach, describe, expect, it } from 'vitest';
import { BridgeError } from '../../bridge/error.ts';
import { readRescueFile } from '../rescue/file.ts';
import type { Office } from '../testing/office.ts';
import { Phone } from '../testing/phone.ts';
import { automerge } from '../testing/platform.ts';
import { CHEN, LIN, ZHOU, doorId, officeWithDoors } from '../testing/practice.ts';

const A = await automerge();
let office: Office;
let chen: Phone;

beforeEach(async () => {
  office = officeWithDoors(A, 4);
  chen = await Phone.enrol(office, CHEN);
  await chen.exchange();
});

describe('an enrolled phone', () => {
  it('knows its person again after it was closed', async () => {
    await chen.kill();
    await chen.start();
    expect(await chen.call('identity')).toMatchObject({ person: { name: '陈小满' }, device: CHEN.device });
    expect((await chen.call('buildings'))[0]?.doors).toBe(4);
  });

  it('asked twice with one code is enrolled once', async () => {
    await chen.call('enrol', { code: `code of ${CHEN.device}` });
    expect((await chen.call('buildings'))[0]?.doors).toBe(4);
  });

  it('is not enrolled anew over work that has not been sent', async () => {
    chen.network.online = false;
    await chen.call('save_visit', chen.draft(doorId(1), { note: '还没送' }));
    const refusal = await chen.call('enrol', { code: 'another' }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(BridgeError);
    expect((refusal as BridgeError).refusal).toMatchObject({ code: 'unsent_work', zh: expect.stringMatching(/没送到/) as string });
    expect(await chen.call('my_visits', { limit: 9 })).toHaveLength(1);
  });

  it('keeps nothing of a person who leaves', async () => {
    await chen.call('put_draft', chen.draft(doorId(1), { note: '草稿' }));
    await chen.call('leave');
    expect(await chen.call('identity')).toBeNull();
    expect(await chen.call('buildings')).toEqual([]);
    expect(await chen.call('drafts')).toEqual([]);
    await expect(chen.call('my_visits', { limit: 1 })).rejects.toMatchObject({ code: 'not_enrolled' });
  });
});

describe('leaving', () => {
  const unsent = { code: 'unsent_work', zh: expect.stringMatching(/没送到/) as string };

  it('is refused while something written here has not reached the office', async () => {
    chen.network.online = false;
    await chen.call('save_visit', chen.draft(doorId(1), { note: '还没送' }));
    await expect(chen.call('leave')).rejects.toMatchObject(unsent);
    expect(await chen.call('my_visits', { limit: 9 })).toHaveLength(1);
  });

  it('is refused while the office has not taken something, of which only this phone has the words', async () => {
    office.judge = () => ({ status: 'refused', reason: 'tray_full' });
    await chen.call('save_visit', chen.draft(doorId(1), { note: '没收下' }));
    await chen.exchange();
    await expect(chen.call('leave')).rejects.toMatchObject(unsent);
    expect(await chen.call('identity')).not.toBeNull();
  });

  it('waits for a save under way, and is then refused', async () => {
    chen.network.online = false;
    const saved = chen.call('save_visit', chen.draft(doorId(1), { note: '正在存' }));
    await expect(chen.call('leave')).rejects.toMatchObject(unsent);
    await saved;
    expect(await chen.call('my_visits', { limit: 9 })).toHaveLength(1);
  });

  it('lets no later keystroke of another tab be kept', async () => {
    await chen.call('leave');
    await expect(chen.call('put_draft', chen.draft(doorId(1), { note: '老人在家' }))).rejects.toMatchObject({ code: 'not_enrolled' });
    expect(await chen.call('drafts')).toEqual([]);
  });

  it('keeps no keystroke that comes while it goes on', async () => {
    const left = chen.call('leave');
    const keystrokes = [];
    for (let count = 0; count < 20; count++) {
      keystrokes.push(chen.call('put_draft', chen.draft(doorId(1), { note: '老人在家' })).catch(() => undefined));
      await Promise.resolve();
    }
    await Promise.all([left, ...keystrokes]);
    expect(await chen.call('drafts')).toEqual([]);
  });

  it('is told to every tab, as enrolling is', async () => {
    chen.events.length = 0;
    await chen.call('leave');
    expect(chen.events).toContainEqual({ event: 'identity', identity: null });
    await chen.call('enrol', { code: 'the next' });
    expect(chen.events).toContainEqual({ event: 'identity', identity: expect.objectContaining({ device: CHEN.device }) as unknown });
  });
});

describe('enrolling as someone else', () => {
  it('does not clear away what was saved while the code was on its way', async () => {
    chen.network.online = false;
    const enrolled = chen.call('enrol', { code: 'another' });
    await chen.call('save_visit', chen.draft(doorId(1), { note: '同时存的' }));
    await expect(enrolled).rejects.toMatchObject({ code: 'unsent_work' });
    expect(await chen.call('my_visits', { limit: 9 })).toHaveLength(1);
  });
});

describe('a phone that the office does not know any more', () => {
  const anew = { ...CHEN, device: 'd0000000-0000-4000-8000-0000000000bb' };
  let parcelsBrought: Uint8Array[] = [];

  beforeEach(async () => {
    parcelsBrought = [];
    chen.network.tokenUnknown = true;
    await chen.call('save_visit', chen.draft(doorId(1), { note: '还没送' }));
    await chen.call('put_draft', chen.draft(doorId(2), { note: '写到一半' }));
    await chen.exchange();
    const takesIt = chen.rescue;
    chen.rescue = (file) => {
      parcelsBrought.push(file);
      return takesIt(file);
    };
  });

  async function enrolAs(account: typeof CHEN): Promise<void> {
    office.enrol(account.device, account);
    chen.account = account;
    await chen.call('enrol', { code: `code of ${account.device}` });
    chen.network.tokenUnknown = false;
  }

  it('is enrolled anew with all that it holds: what was unsent as a file that is brought, and what was half written', async () => {
    await enrolAs(anew);
    expect(await chen.call('identity')).toMatchObject({ device: anew.device });
    expect((await chen.call('drafts')).map((draft) => draft.note)).toEqual(['写到一半']);
    await chen.exchange();
    await expect.poll(async () => (await chen.call('parcels')).map((parcel) => [parcel.device, parcel.state])).toEqual([[CHEN.device, 'taken']]);
    expect(parcelsBrought).toHaveLength(1);
    await chen.exchange();
    expect((await chen.call('my_visits', { limit: 9 })).map((row) => row.note)).toEqual(['还没送']);
    expect((await chen.call('drafts')).map((draft) => draft.note)).toEqual(['写到一半']);
  });

  it('keeps the file when the office does not take it from this person, also after the app is closed', async () => {
    chen.rescue = () => Response.json({ error: { code: 'rescue_device_unknown', zh: '不认识', en: 'unknown' } }, { status: 404 });
    await enrolAs(anew);
    await chen.exchange();
    await expect.poll(async () => (await chen.call('parcels')).map((parcel) => parcel.state)).toEqual(['refused']);
    await chen.kill();
    await chen.start();
    const [parcel] = await chen.call('parcels');
    const file = await chen.call('parcel_file', { id: String(parcel?.id) });
    expect(readRescueFile(file?.bytes ?? new Uint8Array())).toMatchObject({ device: CHEN.device, items: [{ door: doorId(1) }], drafts: [{ note: '写到一半' }] });
  });

  it('carries what was acknowledged too: an office that does not know the phone has nothing of it', async () => {
    chen.network.tokenUnknown = false;
    const restore = office.backup();
    await chen.call('save_visit', chen.draft(doorId(4), { note: '当时已到平台' }));
    await chen.exchange();
    expect((await chen.call('my_visits', { limit: 9 })).map((row) => row.mark)).toEqual(['on_server', 'on_server']);
    restore();
    chen.network.tokenUnknown = true;
    await chen.exchange();
    await enrolAs(anew);
    await chen.exchange();
    await expect.poll(async () => (await chen.call('parcels')).map((parcel) => parcel.state)).toEqual(['taken']);
    await chen.exchange();
    expect((await chen.call('my_visits', { limit: 9 })).map((row) => row.note).sort()).toEqual(['当时已到平台', '还没送'].sort());
  });

  it('carries what was acknowledged also at the desk, which follows no feed', async () => {
    const lin = await Phone.enrol(office, LIN);
    await lin.exchange();
    const visit = await lin.written(doorId(2), '待审阅');
    const desk = await Phone.enrol(office, ZHOU);
    await desk.call('visit', { visit });
    await desk.call('review', { visit, state: 'accepted', comment: '好' });
    await desk.settled();
    expect((await desk.call('status')).waiting).toBe(0);
    desk.network.tokenUnknown = true;
    await desk.exchange();
    const anewAtDesk = { ...ZHOU, device: 'd0000000-0000-4000-8000-0000000000dd' };
    office.enrol(anewAtDesk.device, anewAtDesk);
    desk.account = anewAtDesk;
    await desk.call('enrol', { code: `code of ${anewAtDesk.device}` });
    const [parcel] = await desk.call('parcels');
    const file = await desk.call('parcel_file', { id: String(parcel?.id) });
    expect(readRescueFile(file?.bytes ?? new Uint8Array())).toMatchObject({ device: ZHOU.device, items: [{ document: visit }] });
  });

  it('shows the next person nothing that was half written, and carries it in the file', async () => {
    await enrolAs({ ...LIN, device: 'd0000000-0000-4000-8000-0000000000cc' });
    expect(await chen.call('drafts')).toEqual([]);
    expect(await chen.call('parcels')).toMatchObject([{ device: CHEN.device, drafts: [{ note: '写到一半' }] }]);
  });

  it('keeps on carrying what it carried for others', async () => {
    const lin = await Phone.enrol(office, LIN);
    await lin.exchange();
    await lin.offline(() => lin.call('save_visit', lin.draft(doorId(3), { note: '托人带的' })));
    const { bytes } = await lin.call('rescue_file');
    chen.rescue = () => Response.json({ error: { code: 'token_unknown', zh: '不认识', en: 'unknown' } }, { status: 401 });
    await chen.call('take_rescue', { bytes });
    await enrolAs(anew);
    expect((await chen.call('parcels')).map((parcel) => parcel.device).sort()).toEqual([CHEN.device, LIN.device].sort());
  });

  it('tells the pages that the former store is not lost', async () => {
    chen.events.length = 0;
    await enrolAs(anew);
    expect(chen.events.find((event) => event.event === 'witness')).toEqual({ event: 'witness', witness: null });
  });

  it('is not left: without a new enrolment nothing could be brought', async () => {
    expect((await chen.call('status')).last_error?.code).toBe('token_unknown');
    await expect(chen.call('leave')).rejects.toMatchObject({ code: 'unsent_work' });
  });

  it('is like any other once the office has answered it', async () => {
    chen.network.tokenUnknown = false;
    office.judge = () => ({ status: 'refused', reason: 'tray_full' });
    await chen.exchange();
    await expect(chen.call('enrol', { code: 'another' })).rejects.toMatchObject({ code: 'unsent_work' });
  });
});

describe('a draft', () => {
  it('survives the phone being killed at any keystroke', async () => {
    const draft = chen.draft(doorId(2), { note: '' });
    for (const note of ['老', '老人', '老人在', '老人在家']) {
      await chen.call('put_draft', { ...draft, note, selection: note.length });
      await chen.kill();
      await chen.start();
      expect((await chen.call('draft', { key: draft.key }))?.note).toBe(note);
    }
  });

  it.each([['went on being written', 0], ['was begun in another tab', 5]])('that %s while a save was under way is not ended by that save', async (_name, later) => {
    const draft = chen.draft(doorId(2), { note: '老人' });
    const more = { ...draft, started_at: draft.started_at + later, changed_at: draft.changed_at + 1, note: '老人在家' };
    await chen.call('put_draft', draft);
    const saved = chen.call('save_visit', draft);
    await chen.call('put_draft', more);
    await saved;
    expect((await chen.call('draft', { key: draft.key }))?.note).toBe('老人在家');
    await chen.call('save_visit', more);
    expect(await chen.call('draft', { key: draft.key })).toBeNull();
  });

  it('too long for one change is refused with words and kept', async () => {
    const draft = chen.draft(doorId(2), { note: '长'.repeat(30_000) });
    await chen.call('put_draft', draft);
    await expect(chen.call('save_visit', draft)).rejects.toMatchObject({ code: 'too_large' });
    expect((await chen.call('drafts')).map((it) => it.note.length)).toEqual([30_000]);
    expect((await chen.call('status')).waiting).toBe(0);
  });

  it('at a door this phone does not know is refused with words and kept', async () => {
    const draft = chen.draft(doorId(99), { note: '别处' });
    await chen.call('put_draft', draft);
    await expect(chen.call('save_visit', draft)).rejects.toMatchObject({ code: 'unknown_door' });
    expect(await chen.call('drafts')).toHaveLength(1);
  });
});

describe('a person who leaves while an exchange is under way', () => {
  it('finds nothing of it stored afterwards', async () => {
    const late = await Phone.enrol(office, { ...CHEN, device: 'd0000000-0000-4000-8000-0000000000aa' });
    late.network.beforeAnswer = async () => {
      late.network.beforeAnswer = undefined;
      await late.call('leave');
    };
    await late.exchange();
    await late.settled();
    expect(await late.call('status')).toMatchObject({ doors: 0, visits: 0, last_exchange_at: undefined });
    expect(await late.call('identity')).toBeNull();
  });
});
