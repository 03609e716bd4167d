// Two tabs on one phone are one phone.

import { CHEN, expect, phoneHome, test } from './support/office.ts';
import { arrived, editNote, go, visitId, visitLine, writeVisit } from './support/phone.ts';
import { firstDoor, statusFacts } from './support/worker.ts';

/** Longer than a tab waits for a sign of life. */
const HANGS_MS = 25_000;

test('two tabs on one phone make no trouble: each sees what the other wrote, and all of it arrives', async ({ office }) => {
  const first = await office.enrol(CHEN);
  const door = await firstDoor(first);
  const second = await first.context().newPage();
  await second.goto(new URL('/', first.url()).href);
  await expect(phoneHome(second)).toBeVisible();

  await Promise.all([
    writeVisit(first, door.id, '从第一个窗口写的。'),
    writeVisit(second, door.id, '从第二个窗口写的。'),
  ]);
  for (const page of [first, second]) {
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

  await writeVisit(second, door.id, '前一个窗口不动了，照样存上。');
  const visit = await visitId(second, '前一个窗口不动了');
  await arrived(second, visit);
  await hung;
  await writeVisit(first, door.id, '醒来的窗口也能写。');
  await arrived(first, await visitId(first, '醒来的窗口也能写'));
  for (const page of [first, second]) {
    await go(page, `/door/${door.id}`);
    await expect(visitLine(page, '前一个窗口不动了')).toBeVisible();
    await expect(visitLine(page, '醒来的窗口也能写')).toBeVisible();
  }
});
