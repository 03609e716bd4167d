// What a grid worker does on the phone, in the words of its pages.

import { expect, type Locator, type Page } from '@playwright/test';

/** Goes to a page of the app without loading it anew, as a link would. */
export async function go(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate', { state: null }));
  }, path);
}

export function note(page: Page): Locator {
  return page.getByRole('textbox', { name: '记录' });
}

/** Writes a new visit at a door, down to 保存, and ends on the door's page. */
export async function writeVisit(page: Page, door: string, text: string, outcome = '见面'): Promise<void> {
  await go(page, `/visit/new/${door}`);
  await page.getByRole('radio', { name: outcome, exact: true }).check();
  await note(page).fill(text);
  await save(page);
  await expect(page).toHaveURL(new RegExp(`/door/${door}$`));
}

export async function save(page: Page): Promise<void> {
  await page.getByRole('button', { name: '保存' }).click();
}

/** The visit in a list that begins with these words. */
export function visitLine(page: Page, text: string): Locator {
  return page.getByRole('link').filter({ hasText: text }).first();
}

/** The id of the visit in a list that has these words. */
export async function visitId(page: Page, text: string): Promise<string> {
  const href = await visitLine(page, text).getAttribute('href');
  return String(href).replace('/visit/', '');
}

/** Opens the visit and waits until it says ● 已到平台. */
export async function arrived(page: Page, visit: string): Promise<void> {
  await go(page, `/visit/${visit}`);
  await expect(mark(page)).toHaveText('已到平台');
}

/** Writes a new visit, waits until it is at the office, and gives its id; it is the opened one then. */
export async function sendVisit(page: Page, door: string, text: string, outcome?: string): Promise<string> {
  await writeVisit(page, door, text, outcome);
  const visit = await visitId(page, text);
  await arrived(page, visit);
  return visit;
}

/** How far the opened visit has travelled. */
export function mark(page: Page): Locator {
  return page.locator('.visit-facts .mark');
}

/** The words of a text by the class that gives each author their colour and line. */
export async function colouredWords(text: Locator): Promise<{ author: string; text: string }[]> {
  return await text.locator('[class^=author-]')
    .evaluateAll((spans) => spans.map((span) => ({ author: span.className, text: span.textContent ?? '' })));
}

/** Changes a visit's note, and what else `besides` fills in, through 补充或修改. */
export async function editNote(
  page: Page, visit: string, change: (text: string) => string, besides?: () => Promise<void>,
): Promise<void> {
  await go(page, `/visit/${visit}/edit`);
  const field = note(page);
  await field.fill(change(await field.inputValue()));
  await besides?.();
  await save(page);
  await expect(page).toHaveURL(new RegExp(`/visit/${visit}$`));
}
