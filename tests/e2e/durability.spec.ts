// Promises 1 and 2: acknowledged means kept, typed means kept.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runCommand, type Server } from '../support/server.mjs';
import { openVisit, opened } from './support/desk.ts';
import { launchKillable } from './support/killable.ts';
import { CHEN, LIN, ZHOU, enrolOn, expect, test } from './support/office.ts';
import { arrived, go, mark, note, visitId, writeVisit } from './support/phone.ts';
import { draftFacts, firstDoor, statusFacts, visitFacts } from './support/worker.ts';

test('the browser is killed in the middle of a word: the word and the cursor are back', async ({ office }) => {
  const profile = mkdtempSync(join(tmpdir(), 'stairwell-profile-'));
  const written = '楼道灯坏了，已都告诉物';
  const cursor = written.indexOf('告诉');

  const first = await launchKillable(profile);
  const page = await first.newPage();
  await enrolOn(page, office.server, CHEN);
  const door = await firstDoor(page);
  const form = new URL(`/visit/new/${door.id}`, page.url()).href;
  await go(page, `/visit/new/${door.id}`);
  await note(page).pressSequentially('楼道灯坏了，已告诉物');
  for (const _ of '告诉物') await page.keyboard.press('ArrowLeft');
  await page.keyboard.type('都');
  // No page shows that a letter is stored, so the store is asked before the browser is ended.
  await expect.poll(() => draftFacts(page, door.id)).toEqual({ note: written, selection: cursor });
  await first.kill();

  const second = await launchKillable(profile);
  const again = await second.newPage();
  await again.goto(form);
  await expect(note(again)).toHaveValue(written);
  await expect(note(again)).toBeFocused();
  await expect.poll(() => note(again).evaluate((field: HTMLTextAreaElement) => field.selectionStart)).toBe(cursor);
  await second.kill();
  rmSync(profile, { recursive: true, force: true });
});

test('the server is killed with -9 right after the phone showed ●: after its restart the visit is there', async ({ office }) => {
  const chen = await office.enrol(CHEN);
  const door = await firstDoor(chen);
  await writeVisit(chen, door.id, '到了平台就不会丢。');
  const visit = await visitId(chen, '到了平台就不会丢。');
  await arrived(chen, visit);
  await office.server.kill();

  await office.server.start();
  const lin = await office.enrol(LIN);
  await go(lin, `/visit/${visit}`);
  await expect(lin.locator('.visit-note')).toContainText('到了平台就不会丢。');
  expect((await visitFacts(lin, visit)).note).toBe('到了平台就不会丢。');
});

test('the office is restored from an older copy: what the phone had sent since comes again, and a colleague reads it', async ({ office }) => {
  const chen = await office.enrol(CHEN);
  const copy = await copyOf(office.server);
  const door = await firstDoor(chen);
  await writeVisit(chen, door.id, '备份以后才写的，已经到了平台。');
  const visit = await visitId(chen, '备份以后才写的');
  await arrived(chen, visit);

  await restoreFrom(copy, office.server);
  const restarted = Date.now();
  await chen.reload();
  await expect.poll(() => statusFacts(chen).then((status) => status.last_exchange_at ?? 0)).toBeGreaterThan(restarted);
  await arrived(chen, visit);
  // A phone that has never heard of the visit has it from nowhere but the office.
  const lin = await office.enrol(LIN);
  await go(lin, `/visit/${visit}`);
  await expect(lin.locator('.visit-note')).toContainText('备份以后才写的，已经到了平台。');
});

test('the office is restored from an older copy: a visit accepted since is accepted again when the desk is opened', async ({ office }) => {
  const [chen, desk] = await Promise.all([office.enrol(CHEN), office.enrol(ZHOU)]);
  const door = await firstDoor(chen);
  await writeVisit(chen, door.id, '备份以前就到了。');
  const visit = await visitId(chen, '备份以前就到了。');
  await arrived(chen, visit);
  const copy = await copyOf(office.server);
  await openVisit(desk, visit);
  await opened(desk).getByRole('button', { name: '通过' }).click();
  await expect(mark(chen)).toHaveText('已阅');
  // An opened visit is compared at once. What is to be shown is that nobody needs to look at it.
  await go(desk, '/');

  await restoreFrom(copy, office.server);
  // A phone that has never heard of the review has it from nowhere but the office.
  const lin = await office.enrol(LIN);
  await arrived(lin, visit);
  await desk.reload();
  await expect(mark(lin)).toHaveText('已阅');
});

/** A copy of the office as it is now. */
async function copyOf(server: Server): Promise<string> {
  const copy = join(mkdtempSync(join(tmpdir(), 'stairwell-copy-')), 'copy');
  expect((await runCommand(['--data', server.folder, 'backup', copy])).output).toContain('备份');
  return copy;
}

/** Ends the office, loses its folder, and starts it on what the copy has; the copy is used up. */
async function restoreFrom(copy: string, server: Server): Promise<void> {
  await server.kill();
  rmSync(server.folder, { recursive: true });
  expect((await runCommand(['--data', server.folder, 'restore', copy])).output).toContain('由写它们的手机再送一次');
  rmSync(dirname(copy), { recursive: true });
  await server.start();
}
