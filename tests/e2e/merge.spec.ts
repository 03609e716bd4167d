// Promise 3: a merge never chooses between two people's words.

import type { Locator, Page } from '@playwright/test';
import { CHEN, LIN, ZHOU, expect, test } from './support/office.ts';
import { openVisit, opened } from './support/desk.ts';
import { arrived, colouredWords, editNote, go, visitId, writeVisit } from './support/phone.ts';
import { firstDoor, visitFacts } from './support/worker.ts';

const WRITTEN = '老人独自在家，阀门有锈。';
const MERGED = '老人独自在家，厨房的燃气阀门有锈，女儿周六来换。';
/** Each author's words, in the order in which the authors are first read. */
const BY_AUTHOR = ['老人独自在家，厨房的燃气阀门有锈。', '，女儿周六来换'];

for (const order of ['the first writer first', 'the second writer first'] as const) {
  test(`two phones offline edit the same line of the same note and meet the server, ${order}: the same text everywhere, both authors' words in their colours, nobody asked anything`, async ({ office }) => {
    const [chen, lin, desk] = await Promise.all([office.enrol(CHEN), office.enrol(LIN), office.enrol(ZHOU)]);
    const visit = await sharedVisit(chen, lin);

    await chen.context().setOffline(true);
    await lin.context().setOffline(true);
    await editNote(chen, visit, (text) => text.replace('阀门', '厨房的燃气阀门'));
    await editNote(lin, visit, (text) => text.replace('有锈', '有锈，女儿周六来换'));
    const meeting = order === 'the first writer first' ? [chen, lin] : [lin, chen];
    for (const page of meeting) {
      await page.context().setOffline(false);
      await arrived(page, visit);
    }

    for (const page of [chen, lin]) {
      await go(page, `/visit/${visit}`);
      await holdsBoth(page, visit, page.locator('.visit-note .runs'));
      await expect(page.getByText('请选一个')).toHaveCount(0);
    }
    await openVisit(desk, visit);
    await holdsBoth(desk, visit, opened(desk).locator('.note .runs'));
    await expect(opened(desk).getByText('请选定一个')).toHaveCount(0);
  });
}

/** A visit that 陈小满 wrote and that is whole on the phone of 林秋实 too. */
async function sharedVisit(chen: Page, lin: Page): Promise<string> {
  const door = await firstDoor(chen);
  await writeVisit(chen, door.id, WRITTEN);
  const visit = await visitId(chen, WRITTEN);
  await arrived(chen, visit);
  await go(lin, `/visit/${visit}`);
  await expect(lin.getByRole('link', { name: '补充或修改' })).toBeVisible();
  return visit;
}

async function holdsBoth(page: Page, visit: string, shown: Locator): Promise<void> {
  await expect.poll(async () => wordsBy(await colouredWords(shown))).toEqual(BY_AUTHOR);
  expect((await visitFacts(page, visit)).note).toBe(MERGED);
}

function wordsBy(runs: { author: string; text: string }[]): string[] {
  const authors = new Map<string, string>();
  for (const run of runs) authors.set(run.author, (authors.get(run.author) ?? '') + run.text);
  return [...authors.values()];
}
