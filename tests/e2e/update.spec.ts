// A new version of the app comes while work is unsent: it waits for a tap, and nothing is lost by it.

import { NewerAppProxy } from '../support/newer-app-proxy.mjs';
import { PHONE_SIZE } from './support/chrome.ts';
import { CHEN, appIsKept, expect, phoneHome, test } from './support/office.ts';
import { arrived, go, note, visitId, writeVisit } from './support/phone.ts';
import { doorsOf, draftFacts, statusFacts, type DoorFacts } from './support/worker.ts';

test('a new version waits while a visit is written, and takes over by a tap with drafts and unsent visits', async ({ office, browser }) => {
  const proxy = new NewerAppProxy(office.server.port);
  const port = await proxy.start();
  const context = await browser.newContext({ viewport: PHONE_SIZE });
  const page = await context.newPage();
  await page.goto(office.server.link(CHEN).replace(`:${office.server.port}/`, `:${port}/`));
  await expect(phoneHome(page)).toBeVisible({ timeout: 60_000 });
  await appIsKept(page);
  const [door, other] = await doorsOf(page, 2) as [DoorFacts, DoorFacts];
  proxy.holdsBack = true;
  await writeVisit(page, door.id, '换新之前没送出去的。');
  const visit = await visitId(page, '换新之前没送出去的');
  await go(page, `/visit/new/${other.id}`);
  await note(page).fill('换新之前写了一半的');
  // The app was opened before it was kept; from the next start on it looks for newer ones.
  await page.reload();
  await expect(note(page)).toHaveValue('换新之前写了一半的');
  proxy.isNewer = true;
  await page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));
  await page.waitForFunction(async () => (await navigator.serviceWorker.ready).waiting !== null);
  await note(page).fill('换新之前写了一半的，还在写');
  await expect.poll(async () => (await draftFacts(page, other.id))?.note).toBe('换新之前写了一半的，还在写');

  await go(page, '/mine');
  await expect(page.getByText('新版本已备好')).toBeVisible();
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: '换上新版本' }).click()]);
  await expect(page.getByText('1 条在本机，等着送')).toBeVisible();
  expect((await statusFacts(page)).waiting).toBe(1);
  await go(page, `/visit/new/${other.id}`);
  await expect(note(page)).toHaveValue('换新之前写了一半的，还在写');
  proxy.holdsBack = false;
  await go(page, '/mine');
  await page.getByRole('button', { name: '现在同步' }).click();
  await arrived(page, visit);
  await context.close();
  proxy.stop();
});
