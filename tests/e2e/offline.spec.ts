// After one visit online the app needs nobody: neither the network nor the program at the office.

import { CHEN, expect, phoneHome, test } from './support/office.ts';
import { note, visitLine, writeVisit } from './support/phone.ts';
import { firstDoor } from './support/worker.ts';

test('after the first load, with the network off and the program stopped, a deep link and a reload still open the app', async ({ office }) => {
  const page = await office.enrol(CHEN);
  await page.evaluate(async () => { await navigator.serviceWorker.ready; });
  const door = await firstDoor(page);
  const at = (path: string): string => new URL(path, page.url()).href;
  await office.server.stop();
  await page.context().setOffline(true);

  await page.reload();
  await expect(phoneHome(page)).toBeVisible();
  await page.goto(at(`/door/${door.id}`));
  await expect(page.getByRole('heading', { level: 1 })).toContainText(door.label);
  await page.goto(at(`/visit/new/${door.id}`));
  await expect(note(page)).toBeVisible();
});

test('a visit written with no signal is on the phone at once, marked ○, and nothing is said to be wrong', async ({ office }) => {
  const page = await office.enrol(CHEN);
  const door = await firstDoor(page);
  await page.context().setOffline(true);
  await writeVisit(page, door.id, '没有信号时写的。');
  await expect(visitLine(page, '没有信号时写的。').locator('.mark')).toHaveText('已存本机');
  await expect(page.getByText('1 条在本机，安全')).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
});
