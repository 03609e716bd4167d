// Unsent work outside the store: what the pages are told to keep, and what is carried for others.

import { beforeEach, describe, expect, it } from 'vitest';
import type { Witness } from '../../bridge/types.ts';
import { fromBase64 } from '../bytes.ts';
import { readRescueFile } from '../rescue/file.ts';
import type { Office } from '../testing/office.ts';
import { Phone } from '../testing/phone.ts';
import { automerge } from '../testing/platform.ts';
import { CHEN, LIN, doorId, officeWithDoors } from '../testing/practice.ts';
import { witness } from '../testing/witness.ts';

const A = await automerge();
let office: Office;
let chen: Phone;

beforeEach(async () => {
  office = officeWithDoors(A, 4);
  chen = await Phone.enrol(office, CHEN);
  await chen.exchange();
});

function unsent(count: number): (witness: Witness | null) => boolean {
  return (told) => told?.unsent.length === count;
}

describe('what is kept outside the store', () => {
  it('names every unsent change by door and time, with a copy that is gone when the receipts have come', async () => {
    const draft = chen.draft(doorId(1), { note: '还没送' });
    await chen.offline(() => chen.call('save_visit', draft));
    const kept = await witness(chen, unsent(1));
    expect(kept).toMatchObject({ device: CHEN.device, person: { name: '陈小满' }, community: '蓝湖小区' });
    expect(kept?.unsent[0]).toMatchObject({ door: doorId(1), place: '3-1-101', at: chen.nowMs });
    const copy = readRescueFile(fromBase64(String(kept?.file)));
    expect(copy).toMatchObject({ device: CHEN.device, person: CHEN.person, items: [{ door: doorId(1), place: '3-1-101' }] });

    await chen.exchange();
    expect((await witness(chen, unsent(0)))?.file).toBeUndefined();
  });

  it('has no place for the token', async () => {
    await chen.offline(() => chen.call('save_visit', chen.draft(doorId(1), { note: '还没送' })));
    expect(Object.keys((await witness(chen, unsent(1))) ?? {}).sort()).toEqual(['at', 'community', 'device', 'file', 'person', 'unsent']);
  });

  it('holds what is being written once the person rests', async () => {
    await chen.call('put_draft', chen.draft(doorId(1), { note: '写到一半' }));
    chen.timePasses();
    const kept = await witness(chen, (told) => told?.file !== undefined);
    expect(readRescueFile(fromBase64(String(kept?.file))).drafts).toMatchObject([{ door: doorId(1), note: '写到一半' }]);
  });

  it('is forgotten when the person leaves', async () => {
    await chen.call('leave');
    expect(await witness(chen, (told) => told === null)).toBeNull();
  });

  it('is not touched by a store that is empty: the store that was here may be the one that is lost', async () => {
    const empty = new Phone(office, LIN, chen.nowMs);
    await empty.start();
    await empty.call('status');
    expect(empty.events.filter((event) => event.event === 'witness')).toEqual([]);
  });
});

describe('a rescue file', () => {
  const told = { device: CHEN.device, name: '陈小满' };

  async function fileOf(phone: Phone): Promise<Uint8Array<ArrayBuffer>> {
    return (await phone.call('rescue_file')).bytes;
  }

  it('is not made of nothing', async () => {
    await expect(chen.call('rescue_file')).rejects.toMatchObject({ code: 'nothing_to_rescue' });
  });

  it('is kept by a phone without signal, over its end, and brought with the next exchange; the same twice is one', async () => {
    const { visit } = await chen.offline(() => chen.call('save_visit', chen.draft(doorId(1), { note: '托人带的' })));
    const file = await fileOf(chen);
    const lin = await Phone.enrol(office, LIN);
    await lin.offline(async () => {
      await lin.call('take_rescue', { bytes: file });
      expect(await lin.call('take_rescue', { bytes: file })).toMatchObject({ ...told, state: 'waiting', items: [{ place: '3-1-101' }] });
    });
    await lin.kill();
    await lin.start();
    expect(await lin.call('parcels')).toHaveLength(1);
    await expect(lin.call('leave')).rejects.toMatchObject({ code: 'unsent_work' });

    await lin.exchange();
    await lin.call('take_rescue', { bytes: file });
    expect(await lin.call('parcels')).toMatchObject([{ ...told, state: 'taken', lines: [{ place: '3-1-101', status: 'accepted' }] }]);
    expect(office.documents.get(visit)?.changes).toHaveLength(1);
    // The phone that wrote it lives again: its receipt comes, and nothing is there twice.
    await chen.exchange();
    expect((await chen.call('status')).waiting).toBe(0);
    expect(office.documents.get(visit)?.changes).toHaveLength(1);
  });

  it('gives the same person their drafts back, and nobody else, and not over what they have begun there', async () => {
    await chen.call('put_draft', { ...chen.draft(doorId(1), { note: '写到一半' }), key: `door/${doorId(1)}` });
    await chen.call('put_draft', { ...chen.draft(doorId(2), { note: '另一户' }), key: `door/${doorId(2)}` });
    const file = await fileOf(chen);
    const lin = await Phone.enrol(office, LIN);
    const next = await Phone.enrol(office, { ...CHEN, device: 'd0000000-0000-4000-8000-0000000000aa' });
    await next.call('put_draft', { ...next.draft(doorId(2), { note: '新写的' }), key: `door/${doorId(2)}` });
    for (const phone of [lin, next]) await phone.call('take_rescue', { bytes: file });
    expect(await lin.call('drafts')).toEqual([]);
    expect((await next.call('drafts')).map((draft) => draft.note).sort()).toEqual(['写到一半', '新写的'].sort());
  });

  it('that the office refuses for good is kept with the office’s words, until the person forgets it', async () => {
    await chen.offline(() => chen.call('save_visit', chen.draft(doorId(1), { note: '还没送' })));
    const bytes = await fileOf(chen);
    const lin = await Phone.enrol(office, LIN);
    const refusal = { code: 'rescue_wrong_seal', zh: '封印不对', en: 'wrong seal' };
    lin.rescue = () => Response.json({ error: refusal }, { status: 422 });
    const parcel = await lin.call('take_rescue', { bytes });
    expect(parcel).toMatchObject({ state: 'refused', refusal });
    // Its words may be nowhere else: nobody leaves over them, and they can be handed on.
    await expect(lin.call('leave')).rejects.toMatchObject({ code: 'unsent_work' });
    expect(await lin.call('parcel_file', { id: parcel.id })).toEqual({ name: expect.stringMatching(/陈小满.*\.stairwell$/) as string, bytes });
    await lin.call('drop_parcel', { id: parcel.id });
    expect(await lin.call('parcels')).toEqual([]);
  });

  it('that was refused is tried again when the person asks, and then needs no copy here', async () => {
    await chen.offline(() => chen.call('save_visit', chen.draft(doorId(1), { note: '还没送' })));
    const lin = await Phone.enrol(office, LIN);
    const takesIt = lin.rescue;
    lin.rescue = () => Response.json({ error: { code: 'rescue_device_unknown', zh: '不认识', en: 'unknown' } }, { status: 404 });
    const { id } = await lin.call('take_rescue', { bytes: await fileOf(chen) });
    lin.rescue = takesIt;
    await lin.call('send_parcel', { id });
    const [parcel] = await lin.call('parcels');
    expect(parcel).toMatchObject({ state: 'taken' });
    expect(parcel?.refusal).toBeUndefined();
    expect(await lin.call('parcel_file', { id })).toBeNull();
  });

  const partly: [string, (answer: { items: object[]; unreadable: number }) => object][] = [
    ['a line was not kept', (answer) => ({ ...answer, items: answer.items.map((it) => ({ ...it, status: 'refused', reason: { code: 'tray_full', zh: '满了', en: 'full' } })) })],
    ['something could not be read', (answer) => ({ ...answer, unreadable: 1 })],
  ];
  it.each(partly)('stays whole while %s at the office, and is sent again, but not at once', async (_name, spoil) => {
    await chen.call('put_draft', { ...chen.draft(doorId(3), { note: '写到一半' }), key: `door/${doorId(3)}` });
    await chen.offline(() => chen.call('save_visit', chen.draft(doorId(1), { note: '还没送' })));
    const bytes = await fileOf(chen);
    const next = await Phone.enrol(office, { ...CHEN, device: 'd0000000-0000-4000-8000-0000000000aa' });
    const takesIt = next.rescue;
    let asked = 0;
    next.rescue = (file) => {
      asked += 1;
      return Response.json(spoil(office.rescue(file) as { items: object[]; unreadable: number }));
    };
    const { id } = await next.call('take_rescue', { bytes });
    expect(await next.call('parcels')).toMatchObject([{ state: 'partly', lines: [{ place: '3-1-101' }] }]);
    expect((await next.call('parcel_file', { id }))?.bytes).toEqual(bytes);
    await next.call('drop_draft', { key: `door/${doorId(3)}` });
    await next.exchange();
    expect(asked).toBe(1);

    next.rescue = takesIt;
    next.nowMs += 2 * 60 * 60 * 1000;
    await next.exchange();
    await expect.poll(async () => (await next.call('parcels')).map((parcel) => parcel.state)).toEqual(['taken']);
    // What the person has thrown away meanwhile does not come back.
    expect(await next.call('drafts')).toEqual([]);
  });

  it('is forgotten a week after the office has taken it', async () => {
    await chen.offline(() => chen.call('save_visit', chen.draft(doorId(1), { note: '托人带的' })));
    const lin = await Phone.enrol(office, LIN);
    await lin.call('take_rescue', { bytes: await fileOf(chen) });
    lin.nowMs += 8 * 24 * 60 * 60 * 1000;
    await chen.offline(() => chen.call('save_visit', chen.draft(doorId(2), { note: '又一次' })));
    await lin.call('take_rescue', { bytes: await fileOf(chen) });
    expect((await lin.call('parcels')).map((parcel) => parcel.lines.length)).toEqual([2]);
  });

  it('that meets a busy office waits', async () => {
    await chen.offline(() => chen.call('save_visit', chen.draft(doorId(1), { note: '还没送' })));
    const bytes = await fileOf(chen);
    chen.rescue = () => Response.json({ error: { code: 'busy', zh: '忙', en: 'busy' } }, { status: 503 });
    expect(await chen.call('take_rescue', { bytes })).toMatchObject({ state: 'waiting' });
  });
});
