// What a supervisor does at the desk, in the words of its pages.

import { expect, type Locator, type Page } from '@playwright/test';
import { go } from './phone.ts';

/** The opened visit, beside the list. */
export function opened(page: Page): Locator {
  return page.getByRole('article');
}

export async function openVisit(page: Page, visit: string): Promise<void> {
  await go(page, `/visits/${visit}`);
  await expect(opened(page).getByRole('heading', { name: '记录' })).toBeVisible();
}

/** The line of a visit in the list. */
export function line(page: Page, text: string): Locator {
  return page.getByRole('row').filter({ hasText: text });
}

/** Where the supervisor writes to the worker. */
export function comment(page: Page): Locator {
  return opened(page).getByRole('textbox');
}
