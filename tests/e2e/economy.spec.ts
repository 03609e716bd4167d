// Promise 4: three seconds are enough. What goes over the network, and what a phone must do for it, is counted.

import { CountingProxy } from '../support/counting-proxy.mjs';
import { NativePhone } from '../support/native-phone.mjs';
import { CHEN, LIN, appIsKept, expect, phoneHome, test } from './support/office.ts';
import { writeVisit } from './support/phone.ts';
import { counters, doorsOf, firstDoor, statusFacts } from './support/worker.ts';

const DAY = 40;
const CHANGED = 500;

test('a day of 40 visits is one HTTP request', async ({ office, browser }) => {
  const proxy = new CountingProxy(office.server.port);
  const port = await proxy.start();
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  await page.goto(office.server.link(CHEN).replace(`:${office.server.port}/`, `:${port}/`));
  await expect(phoneHome(page)).toBeVisible({ timeout: 60_000 });
  await appIsKept(page);
  const doors = await doorsOf(page, DAY);

  await context.setOffline(true);
  for (const [index, door] of doors.entries()) await writeVisit(page, door.id, `第 ${index + 1} 户，一切都好。`);
  expect((await statusFacts(page)).waiting).toBe(DAY);
  proxy.forget();
  await context.setOffline(false);
  await expect.poll(async () => (await statusFacts(page)).waiting).toBe(0);
  expect(proxy.count('POST /api/sync')).toBe(1);
  expect(proxy.requests.filter((line) => line.startsWith('POST '))).toEqual(['POST /api/sync']);

  await context.close();
  proxy.stop();
});

test('the phone loads no Automerge document while it receives 500 changed documents', async ({ office }) => {
  const chen = await office.enrol(CHEN);
  const door = await firstDoor(chen);
  const before = await statusFacts(chen);
  await chen.context().setOffline(true);

  const lin = await NativePhone.enrol(office.server.url, office.server.link(LIN));
  const changes = Array.from({ length: CHANGED }, (_, index) => lin.newVisit({ door: door.id, note: `第 ${index + 1} 次走访。` }));
  const answer = await lin.exchange({ changes });
  expect(answer.receipts.map((receipt) => receipt.status)).toEqual(changes.map(() => 'accepted'));

  const loaded = (await counters(chen)).documents_loaded;
  await chen.context().setOffline(false);
  await expect.poll(async () => (await statusFacts(chen)).visits).toBe(before.visits + CHANGED);
  expect((await counters(chen)).documents_loaded).toBe(loaded);
});

test('a phone opens to a building face with one script, one style sheet and its worker; Automerge is not among them', async ({ office }) => {
  const chen = await office.enrol(CHEN);
  await chen.evaluate(async () => { await navigator.serviceWorker.ready; });
  const { building } = await firstDoor(chen);
  const page = await chen.context().newPage();
  await page.goto(new URL(`/b/${building}`, chen.url()).href);
  await expect(page.locator('a.window').first()).toBeVisible();
  const loaded = await page.evaluate(() => performance.getEntriesByType('resource').map((entry) => entry.name));
  const names = loaded.filter((name) => name.includes('/assets/')).map((name) => name.replace(/.*\/([a-z]+)-[^/]*(\.[a-z]+)$/, '$1$2'));
  expect(names.sort()).toEqual(['index.css', 'index.js', 'main.js']);
});
