// The pictures of the README, taken from the running program with its full practice community:
// npm run screenshots. Writes docs/images/*.png.

import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test as base, type Page } from '@playwright/test';
import { startServer, type Server } from './support/server.mjs';
import { DESK_SIZE, PHONE_SIZE } from './e2e/support/chrome.ts';
import { openVisit, opened } from './e2e/support/desk.ts';
import { CHEN, LIN, ZHOU, enrolOn } from './e2e/support/office.ts';
import { arrived, editNote, go, visitId, writeVisit } from './e2e/support/phone.ts';
import { ask } from './e2e/support/worker.ts';

const IMAGES = resolve(import.meta.dirname, '../docs/images');
/** The community, its doors, its people and a year of visits. */
const FULL = ['--scale', '1'];

const test = base.extend<object, { program: Server }>({
  program: [async ({}, use) => {
    mkdirSync(IMAGES, { recursive: true });
    const program = await startServer({ options: FULL });
    await use(program);
    await program.remove();
  }, { scope: 'worker', timeout: 600_000 }],
});

test('building-face.png and desk.png', async ({ browser, program }) => {
  test.setTimeout(600_000);
  const open = async (name: string): Promise<Page> => {
    const phone = name !== ZHOU;
    const context = await browser.newContext({ viewport: phone ? PHONE_SIZE : DESK_SIZE, deviceScaleFactor: phone ? 2 : 1.5 });
    const page = await context.newPage();
    await enrolOn(page, program, name);
    return page;
  };
  const [chen, lin] = [await open(CHEN), await open(LIN)];
  const { building, door } = await someDoor(chen);
  await go(chen, `/b/${encodeURIComponent(building)}`);
  await expect(chen.getByRole('heading', { level: 1 })).toBeVisible();
  await chen.screenshot({ path: `${IMAGES}/building-face.png` });

  const visit = await twoAuthors(chen, lin, door);
  const desk = await open(ZHOU);
  await expect(desk.getByRole('table')).toBeVisible();
  await desk.screenshot({ path: `${IMAGES}/desk-overview.png` });
  await go(desk, '/visits');
  await expect(desk.getByRole('row').nth(20)).toBeVisible();
  await openVisit(desk, visit);
  await expect(opened(desk).locator('[class^=author-]').first()).toBeVisible();
  await desk.screenshot({ path: `${IMAGES}/desk.png` });
  for (const page of [chen, lin, desk]) await page.context().close();
});

async function someDoor(page: Page): Promise<{ building: string; door: string }> {
  const [first] = await ask<{ building: string }[]>(page, 'buildings');
  const building = String(first?.building);
  const face = await ask<{ floors: { doors: { id: string }[] }[] }>(page, 'building_face', { building });
  return { building, door: String(face.floors[1]?.doors[2]?.id) };
}

/** A visit that two workers wrote with no signal, so that the picture shows what the app is for. */
async function twoAuthors(chen: Page, lin: Page, door: string): Promise<string> {
  await writeVisit(chen, door, '老人独自在家，血压药快吃完了。阳台堆放纸箱较多，劝其清理，答应本周末。');
  const visit = await visitId(chen, '老人独自在家');
  await arrived(chen, visit);
  await go(lin, `/visit/${visit}`);
  await expect(lin.getByRole('link', { name: '补充或修改' })).toBeVisible();
  await chen.context().setOffline(true);
  await lin.context().setOffline(true);
  await editNote(chen, visit, (text) => text.replace('快吃完了', '快吃完了，已告诉女儿'), async () => {
    await chen.getByRole('radio', { name: '无需求' }).check();
  });
  await editNote(lin, visit, (text) => text.replace('阳台', '燃气软管有点老化，约好周六更换。阳台'), async () => {
    await lin.getByRole('radio', { name: '有事' }).check();
    await lin.getByRole('group', { name: '燃气' }).getByRole('radio', { name: '有问题' }).check();
  });
  for (const page of [chen, lin]) {
    await page.context().setOffline(false);
    await arrived(page, visit);
  }
  return visit;
}
