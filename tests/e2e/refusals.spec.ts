// Bad input gets a plain sentence in Chinese: what happened, what is safe, what to do.

import { rmSync } from 'node:fs';
import { NativePhone } from '../support/native-phone.mjs';
import { newFolder } from '../support/server.mjs';
import { CHEN, LIN, expect, phoneHome, test } from './support/office.ts';
import { visitLine, writeVisit } from './support/phone.ts';
import { firstDoor } from './support/worker.ts';

const CHINESE = /\p{Script=Han}{6,}/u;

test('a used link says so, and what to do', async ({ office, browser }) => {
  const link = office.server.link(CHEN);
  await office.enrol(CHEN);
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(link);
  await expect(page.getByText(/登记链接已经用过.*再发一个/)).toBeVisible();
  await context.close();
});

test('a link that was never given says so, and what to do', async ({ office, browser }) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(office.server.link(CHEN).replace(/#enrol=.*/, '#enrol=AAAAAAAAAAAAAAAAAAAAAA'));
  await expect(page.getByText(/登记链接不对.*再发一个/)).toBeVisible();
  await context.close();
});

test('a phone that this office does not know is told so, and what it wrote is still on it', async ({ office }) => {
  const page = await office.enrol(CHEN);
  const door = await firstDoor(page);
  await page.context().setOffline(true);
  await writeVisit(page, door.id, '换了平台也不会丢。');
  await office.server.stop();
  rmSync(office.server.folder, { recursive: true });
  office.server.folder = newFolder(process.env.STAIRWELL_TEMPLATE);
  await office.server.start();
  await page.context().setOffline(false);

  await page.goto(new URL('/mine', page.url()).href);
  await page.getByRole('button', { name: '现在同步' }).click();
  await expect(page.getByText('平台不认识这台设备')).toBeVisible();
  await page.goto(new URL(`/door/${door.id}`, page.url()).href);
  await expect(visitLine(page, '换了平台也不会丢。')).toBeVisible();
});

test('a pack of a newer version is refused in words that say the records are safe', async ({ office }) => {
  const phone = await NativePhone.enrol(office.server.url, office.server.link(LIN));
  const answer = await phone.exchange({ version: 99 });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.refusal.zh).toMatch(/记录都还在手机里/);
  expect(answer.refusal.en).toMatch(/\w+/);
});

test('a foreign token is refused in Chinese words on every route that asks for one', async ({ office }) => {
  for (const [method, path] of [
    ['POST', '/api/sync'], ['GET', '/api/live'], ['GET', '/api/desk/numbers'], ['GET', '/api/desk/visits'],
    ['GET', '/api/desk/tray'],
  ] as const) {
    const response = await fetch(`${office.server.url}${path}`, { method, headers: { Authorization: 'Bearer not-a-token' } });
    const { error } = await response.json() as { error: { zh: string; en: string; code: string } };
    expect(response.status, path).toBe(401);
    expect(error.zh, path).toMatch(CHINESE);
  }
});

test('a grid worker does not read the desk', async ({ office }) => {
  const phone = await NativePhone.enrol(office.server.url, office.server.link(LIN));
  const response = await fetch(`${office.server.url}/api/desk/visits`, { headers: { Authorization: `Bearer ${phone.token}` } });
  expect(response.status).toBe(403);
  expect((await response.json() as { error: { zh: string } }).error.zh).toMatch(CHINESE);
});

test('a link that cannot be reached is not used up: the phone enrols when the network is back', async ({ office, browser }) => {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  const link = office.server.link(CHEN);
  await page.goto(new URL('/', link).href);
  await page.evaluate(async () => { await navigator.serviceWorker.ready; });
  await context.setOffline(true);
  // Into the open page: only the fragment of the address changes.
  await page.goto(link);
  await expect(page.getByText('现在没有联网')).toBeVisible();
  await context.setOffline(false);
  await expect(phoneHome(page)).toBeVisible({ timeout: 60_000 });
  await context.close();
});
