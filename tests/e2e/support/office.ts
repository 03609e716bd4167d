// What every claim begins with: a program of its own over a copy of the practice community, and people who open it.

import { test as base, expect, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { startServer, type Server } from '../../support/server.mjs';
import { DESK_SIZE, PHONE_SIZE } from './chrome.ts';
import { PRACTICE } from './template.ts';

/** The practice people: two workers of one grid, and the supervisor. */
export const CHEN = '陈小满';
export const LIN = '林秋实';
export const ZHOU = '周明月';

export interface Opening {
  scheme?: 'light' | 'dark';
  size?: { width: number; height: number };
}

export interface Office {
  server: Server;
  /** Enrols a person in a browser of their own and waits until their first page is there. */
  enrol(name: string, opening?: Opening): Promise<Page>;
}

export const test = base.extend<{ office: Office }>({
  office: async ({ browser }, use, testInfo) => {
    const server = await startServer({ template: process.env.STAIRWELL_TEMPLATE, options: PRACTICE });
    const contexts: BrowserContext[] = [];
    const enrol = async (name: string, opening: Opening = {}): Promise<Page> => {
      const context = await newPerson(browser, name, opening);
      contexts.push(context);
      const page = await context.newPage();
      await enrolOn(page, server, name);
      return page;
    };
    await use({ server, enrol });
    if (testInfo.status !== testInfo.expectedStatus) await testInfo.attach('program', { body: server.said });
    for (const context of contexts) await context.close();
    await server.remove();
  },
});

function newPerson(browser: Browser, name: string, opening: Opening): Promise<BrowserContext> {
  return browser.newContext({
    viewport: opening.size ?? (name === ZHOU ? DESK_SIZE : PHONE_SIZE),
    colorScheme: opening.scheme ?? 'light',
  });
}

/** Opens the person's newest link on a page and waits for their first page. */
export async function enrolOn(page: Page, server: Server, name: string): Promise<void> {
  await page.goto(server.link(name));
  await expect(name === ZHOU ? deskHome(page) : phoneHome(page)).toBeVisible({ timeout: 60_000 });
  await appIsKept(page);
}

/** Waits until the browser holds all of the app: from here on it needs no network, the writing of visits included. */
export async function appIsKept(page: Page): Promise<void> {
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
}

/** The first building of the street: the first exchange has brought the grid. */
export function phoneHome(page: Page) {
  return page.getByRole('main').getByRole('link', { name: /^1 栋/ });
}

/** The numbers of the desk. */
export function deskHome(page: Page) {
  return page.getByRole('link', { name: /在册户/ });
}

export { expect };
