// Work that is carried by other hands: links for a phone that must be enrolled again, and files.

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { runCommand, type Server } from '../../support/server.mjs';
import { expect } from './office.ts';
import { go } from './phone.ts';

/** One more link, as a supervisor asks for when a phone has forgotten whose it is. */
export async function newLink(server: Server, page: Page, name: string): Promise<string> {
  const { output: people } = await runCommand(['--data', server.folder, 'person', 'list']);
  const line = people.split('\n').find((each) => each.includes(name)) ?? '';
  const person = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(line)?.[0] ?? '';
  const { output } = await runCommand(['--data', server.folder, 'person', 'link', person]);
  const code = /#enrol=(\S+)/.exec(output)?.[1];
  if (!code) throw new Error(`no link in: ${output}`);
  return `${new URL(page.url()).origin}/#enrol=${code}`;
}

/** A file as a page hands it to its owner. */
export interface SavedFile { name: string; buffer: Buffer }

/** Saves the rescue file of a phone. */
export async function saveRescueFile(page: Page): Promise<SavedFile> {
  await go(page, '/rescue');
  return savedBy(page, '存到这台设备');
}

/** What a button of the page saves. */
export async function savedBy(page: Page, button: string): Promise<SavedFile> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button }).click()]);
  const pieces: Buffer[] = [];
  for await (const piece of await download.createReadStream()) pieces.push(piece as Buffer);
  return { name: download.suggestedFilename(), buffer: Buffer.concat(pieces) };
}

/** Chooses a file on the page for rescue files. */
export async function importFile(page: Page, file: SavedFile): Promise<void> {
  await go(page, '/rescue');
  await page.locator('#rescue-import').setInputFiles({ ...file, mimeType: 'application/octet-stream' });
}

/** Holds that a page has nothing in the way of anybody. */
export async function expectNoBarriers(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.target).join(' ')}`)).toEqual([]);
}
