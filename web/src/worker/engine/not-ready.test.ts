// The signal went before the app was whole on the phone: the person is told, and nothing stands still for long.

import { expect, it, vi } from 'vitest';
import { BridgeError } from '../../bridge/error.ts';
import { Phone } from '../testing/phone.ts';
import { automerge } from '../testing/platform.ts';
import { CHEN, doorId, officeWithDoors } from '../testing/practice.ts';

it('a save that waits for the rest of the app says so in the end, keeps the draft, and lets the receipts through', async () => {
  const office = officeWithDoors(await automerge(), 2);
  const chen = await Phone.enrol(office, CHEN);
  await chen.exchange();
  await chen.offline(() => chen.call('save_visit', chen.draft(doorId(1), { note: '已存的一户' })));
  await chen.kill();
  chen.loadAutomerge = () => new Promise(() => undefined);
  await chen.start();

  const draft = chen.draft(doorId(2), { note: '还没下载完就写的' });
  await chen.call('put_draft', draft);
  let refusal: unknown;
  const saving = chen.call('save_visit', draft).catch((error: unknown) => (refusal = error));
  const exchanging = chen.exchange();
  // Time passes.
  await vi.waitFor(() => {
    const due = [...chen.timers];
    for (const body of due) body();
    expect(refusal).toBeInstanceOf(BridgeError);
  }, { timeout: 60_000 });
  await saving;
  expect((refusal as BridgeError).refusal.code).toBe('not_ready');
  await exchanging;
  expect((await chen.call('status')).waiting).toBe(0);
  expect((await chen.call('drafts')).map((it) => it.note)).toEqual(['还没下载完就写的']);
});
