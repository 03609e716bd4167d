// Promises 1 and 2: acknowledged means kept, typed means kept.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchKillable, removeProfile } from './support/killable.ts';
import { CHEN, LIN, enrolOn, expect, test } from './support/office.ts';
import { go, note, sendVisit } from './support/phone.ts';
import { draftFacts, firstDoor, visitFacts } from './support/worker.ts';

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
  removeProfile(profile);
});

test('the server is killed with -9 right after the phone showed ●: after its restart the visit is there', async ({ office }) => {
  const chen = await office.enrol(CHEN);
  const door = await firstDoor(chen);
  const visit = await sendVisit(chen, door.id, '到了平台就不会丢。');
  await office.server.kill();

  await office.server.start();
  const lin = await office.enrol(LIN);
  await go(lin, `/visit/${visit}`);
  await expect(lin.locator('.visit-note')).toContainText('到了平台就不会丢。');
  expect((await visitFacts(lin, visit)).note).toBe('到了平台就不会丢。');
});
