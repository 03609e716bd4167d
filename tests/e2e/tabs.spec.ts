// Two tabs on one phone are one phone.

import { CHEN, expect, phoneHome, test } from './support/office.ts';
import { expectNoBarriers } from './support/pages.ts';
import { arrived, editNote, go, note, save, sendVisit, visitId, visitLine, writeVisit } from './support/phone.ts';
import { doorsOf, firstDoor, statusFacts, type DoorFacts } from './support/worker.ts';

/** Longer than a tab waits for a sign of life. */
const HANGS_MS = 25_000;

test('two tabs on one phone make no trouble: each sees what the other wrote, and all of it arrives', async ({ office }) => {
  const first = await office.enrol(CHEN);
  const [door, other] = await doorsOf(first, 2) as [DoorFacts, DoorFacts];
  const second = await first.context().newPage();
  await second.goto(new URL('/', first.url()).href);
  await expect(phoneHome(second)).toBeVisible();

  await Promise.all([
    writeVisit(first, door.id, '从第一个窗口写的。'),
    writeVisit(second, other.id, '从第二个窗口写的。'),
  ]);
  for (const page of [first, second]) {
    await go(page, '/mine');
    await expect(visitLine(page, '从第一个窗口写的。')).toBeVisible();
    await expect(visitLine(page, '从第二个窗口写的。')).toBeVisible();
  }
  const visit = await visitId(first, '从第一个窗口写的。');
  await arrived(second, visit);
  await editNote(second, visit, (text) => `${text}又在第二个窗口补了一句。`);
  await arrived(second, visit);
  await go(first, `/visit/${visit}`);
  await expect(first.locator('.visit-note')).toContainText('又在第二个窗口补了一句。');
});

test('the tab that did the work is closed: the other takes over and sends what waits', async ({ office }) => {
  const first = await office.enrol(CHEN);
  const door = await firstDoor(first);
  const second = await first.context().newPage();
  await second.goto(new URL('/', first.url()).href);
  await expect(phoneHome(second)).toBeVisible();
  await first.context().setOffline(true);
  await writeVisit(first, door.id, '窗口关了也要送到。');
  const visit = await visitId(first, '窗口关了也要送到。');
  await first.close();

  await second.context().setOffline(false);
  await arrived(second, visit);
  await expect.poll(async () => (await statusFacts(second)).waiting).toBe(0);
});

test('the tab that did the work hangs: the other takes over, and both go on when it is awake again', async ({ office }) => {
  const first = await office.enrol(CHEN);
  const door = await firstDoor(first);
  const second = await first.context().newPage();
  await second.goto(new URL('/', first.url()).href);
  await expect(phoneHome(second)).toBeVisible();
  const [leader] = first.workers();
  if (!leader) throw new Error('the first tab has no worker');
  // Its worker does nothing else for a while, as in a tab that the system froze. No page can tell the difference.
  const hung = leader.evaluate((ms) => {
    const end = Date.now() + ms;
    while (Date.now() < end);
  }, HANGS_MS);

  await sendVisit(second, door.id, '前一个窗口不动了，照样存上。');
  await hung;
  await sendVisit(first, door.id, '醒来的窗口也能写。');
  for (const page of [first, second]) {
    await go(page, `/door/${door.id}`);
    await expect(visitLine(page, '前一个窗口不动了')).toBeVisible();
    await expect(visitLine(page, '醒来的窗口也能写')).toBeVisible();
  }
});

test('two tabs on one draft: it is written in one of them, and goes over with all its words by a tap', async ({ office }) => {
  const first = await office.enrol(CHEN);
  const door = await firstDoor(first);
  await go(first, `/visit/new/${door.id}`);
  await first.getByRole('radio', { name: '见面', exact: true }).check();
  await note(first).fill('在第一个窗口开的头');
  const second = await first.context().newPage();
  await second.goto(new URL(`/visit/new/${door.id}`, first.url()).href);
  await expect(second.getByText('这条正在另一个窗口里写')).toBeVisible();
  await expect(note(second)).toHaveCount(0);
  await expectNoBarriers(second);

  await second.getByRole('button', { name: '在这里接着写' }).click();
  await expect(note(second)).toHaveValue('在第一个窗口开的头');
  await expect(first.getByText('这条已换到另一个窗口接着写')).toBeVisible();
  await expectNoBarriers(first);
  await note(second).fill('在第一个窗口开的头，在第二个窗口写完。');
  await save(second);
  await expect(visitLine(second, '在第二个窗口写完')).toBeVisible();

  // What stood on the first page is a visit now: it begins anew there, and nothing is saved twice.
  await expect(note(first)).toHaveValue('');
  await go(first, `/door/${door.id}`);
  await expect(first.getByRole('link').filter({ hasText: '在第一个窗口开的头' })).toHaveCount(1);
});
