// Promise 2 on a phone that is full: nothing is called saved that is not, no word is lost, and the page says what to do.

import type { Browser, Page } from '@playwright/test';
import { PHONE_SIZE } from './support/chrome.ts';
import { CHEN, enrolOn, expect, test, type Office } from './support/office.ts';
import { expectNoBarriers } from './support/pages.ts';
import { go, note, save, visitLine } from './support/phone.ts';
import { draftFacts, firstDoor } from './support/worker.ts';

/** Enough for the app and a community, and a little to spare. */
const ROOM_BYTES = 24_000_000;

/** A phone on which the browser gives so much room and no more: it keeps its own tally for a while, so it is told first. */
async function enrolWithLittleRoom(browser: Browser, office: Office): Promise<Page> {
  const context = await browser.newContext({ viewport: PHONE_SIZE });
  const page = await context.newPage();
  const { origin } = new URL(office.server.link(CHEN));
  const devtools = await context.newCDPSession(page);
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: ROOM_BYTES });
  await enrolOn(page, office.server, CHEN);
  return page;
}

/** What other things on a phone do: takes all the room there is, down to the last kilobytes. */
async function takeAllRoom(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('ballast', 1);
      request.addEventListener('upgradeneeded', () => request.result.createObjectStore('stones', { autoIncrement: true }));
      request.addEventListener('success', () => resolve(request.result));
      request.addEventListener('error', () => reject(request.error ?? new Error('no ballast')));
    });
    const put = (bytes: number): Promise<boolean> => new Promise((resolve) => {
      const transaction = database.transaction('stones', 'readwrite');
      transaction.objectStore('stones').put(crypto.getRandomValues(new Uint8Array(bytes)));
      transaction.addEventListener('complete', () => resolve(true));
      transaction.addEventListener('abort', () => resolve(false));
    });
    for (const bytes of [65_536, 8_192, 1_024, 64]) while (await put(bytes));
    database.close();
  });
}

async function giveRoomBack(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => indexedDB.deleteDatabase('ballast').addEventListener('success', resolve)));
}

test('the phone is full: the words stay, the page says what to do, and once there is room the save goes through', async ({ office, browser }) => {
  const page = await enrolWithLittleRoom(browser, office);
  const door = await firstDoor(page);
  await go(page, `/visit/new/${door.id}`);
  await page.getByRole('radio', { name: '见面', exact: true }).check();
  await note(page).fill('手机还没满的时候写的。');
  await expect.poll(async () => (await draftFacts(page, door.id))?.note).toBe('手机还没满的时候写的。');

  await takeAllRoom(page);
  await note(page).fill('手机还没满的时候写的。满了以后写的。');
  await expect(page.getByRole('alert')).toContainText('手机存储已满，没有存上');
  await save(page);
  await expect(page.getByRole('alert')).toContainText('删些照片、视频或微信缓存');
  await expect(page.getByRole('button', { name: '先把这段字复制下来' })).toBeVisible();
  await expectNoBarriers(page);
  await expect(page.getByText('每个字都已存在本机')).toHaveCount(0);
  await expect(note(page)).toHaveValue('手机还没满的时候写的。满了以后写的。');
  expect((await draftFacts(page, door.id))?.note).toBe('手机还没满的时候写的。');

  const second = await page.context().newPage();
  await second.goto(new URL('/mine', page.url()).href);
  await expect(second.getByText('手机存储快满了，看“我的”')).toBeVisible();
  await expect(second.getByText('删掉一些照片、视频')).toBeVisible();
  await expectNoBarriers(second);
  await second.close();

  // Who goes elsewhere meanwhile finds the words again.
  await go(page, '/');
  await go(page, `/visit/new/${door.id}`);
  await expect(note(page)).toHaveValue('手机还没满的时候写的。满了以后写的。');

  await giveRoomBack(page);
  // Nobody has to do anything for the words to be kept; the visit is saved by a tap, as ever.
  await expect.poll(async () => (await draftFacts(page, door.id))?.note).toBe('手机还没满的时候写的。满了以后写的。');
  await expect(page.getByRole('alert')).toHaveCount(0);
  await save(page);
  await expect(page).toHaveURL(new RegExp(`/door/${door.id}$`));
  await expect(visitLine(page, '满了以后写的')).toBeVisible();
  await page.context().close();
});
