// The browser clears the store while the app runs.

import { beforeEach, describe, expect, it } from 'vitest';
import type { Office } from '../testing/office.ts';
import { Phone } from '../testing/phone.ts';
import { automerge } from '../testing/platform.ts';
import { CHEN, LIN, doorId, officeWithDoors } from '../testing/practice.ts';

const A = await automerge();
let office: Office;
let chen: Phone;

beforeEach(async () => {
  office = officeWithDoors(A, 4);
  chen = await Phone.enrol(office, CHEN);
  await chen.exchange();
});

/** Every database of this test goes, as far as the app can tell by itself. */
async function clearStore(): Promise<void> {
  for (const { name } of await indexedDB.databases()) {
    await new Promise((resolve) => {
      indexedDB.deleteDatabase(String(name)).onsuccess = resolve;
    });
  }
}

describe('a store that is cleared under the running app', () => {
  it('has what was unsent again, also after the app is closed, and sends it; the rest is fetched anew', async () => {
    const { visit } = await chen.offline(() => chen.call('save_visit', chen.draft(doorId(1), { note: '还没送' })));
    chen.network.online = false;
    await chen.call('put_draft', chen.draft(doorId(3), { note: '写到一半' }));
    const dropped = chen.draft(doorId(4), { note: '不要了' });
    await chen.call('put_draft', dropped);
    await chen.call('drop_draft', { key: dropped.key });
    await clearStore();
    // Whatever is asked of the store next finds out.
    expect((await chen.call('drafts')).map((draft) => draft.note)).toEqual(['写到一半']);
    expect(await chen.call('buildings')).toEqual([]);
    await chen.settled();
    expect((await chen.call('status')).last_error).toMatchObject({ code: expect.stringMatching(/store_emptied|offline/) as string });

    await chen.kill();
    await chen.start();
    expect(await chen.call('identity')).toMatchObject({ person: { name: '陈小满' } });
    expect((await chen.call('status')).waiting).toBe(1);
    expect((await chen.call('drafts')).map((draft) => draft.note)).toEqual(['写到一半']);
    chen.network.online = true;
    await chen.exchange();
    expect((await chen.call('status')).waiting).toBe(0);
    expect(office.documents.get(visit)?.changes).toHaveLength(1);
    expect((await chen.call('buildings'))[0]?.doors).toBe(4);
    await chen.exchange();
    expect((await chen.call('my_visits', { limit: 9 })).map((row) => row.note)).toEqual(['还没送']);
  });

  it('has what was carried for others again, also when nothing asked for it since the app was opened', async () => {
    const file = await chen.offline(async () => {
      await chen.call('save_visit', chen.draft(doorId(1), { note: '托人带的' }));
      return chen.call('rescue_file');
    });
    const lin = await Phone.enrol(office, LIN);
    await lin.offline(() => lin.call('take_rescue', { bytes: file.bytes }));
    await lin.kill();
    lin.network.online = false;
    await lin.start();
    await clearStore();
    expect(await lin.call('parcels')).toMatchObject([{ name: '陈小满', state: 'waiting' }]);
  });

  it('takes a visit all the same once its door is here again', async () => {
    await clearStore();
    await chen.call('drafts');
    await chen.settled();
    await chen.exchange();
    const { visit } = await chen.call('save_visit', chen.draft(doorId(2), { note: '后来写的' }));
    await chen.exchange();
    expect(office.documents.get(visit)?.changes).toHaveLength(1);
  });
});
