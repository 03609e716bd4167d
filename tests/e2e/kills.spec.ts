// Promise 2 by trial: the browser is ended with SIGKILL again and again, from just before 保存 is tapped until shortly
// after ○ 已存本机 stands there. What said that it was saved is there; what did not is there all the same, once.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { launchKillable, removeProfile, type Killable } from './support/killable.ts';
import { CHEN, LIN, appIsKept, enrolOn, expect, phoneHome, test, type Office } from './support/office.ts';
import { go, note, save, visitLine } from './support/phone.ts';
import { ask, doorsOf, draftFacts, statusFacts, type DoorFacts } from './support/worker.ts';

const ROUNDS = Number(process.env.STAIRWELL_KILLS ?? 50);
const SEED = Number(process.env.STAIRWELL_SEED ?? 1);
/** Around how long a save takes here; what is measured on the way replaces it. */
const SAVE_MS_FIRST = 300;
/** As a share of a save: some are ended before the tap, some when it has long been said. */
const EARLIEST = -0.2;
const LATEST = 1.6;
const ROUND_MS_MAX = 30_000;

interface Round { text: string; door: DoorFacts; said: boolean }
interface Found { saved: number; draft: string | undefined }

/** Numbers between 0 and 1 that are the same for the same seed (a linear congruence). */
function chances(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test(`the browser is killed ${ROUNDS} times around saving: nothing that was called saved is lost, and nothing is there twice`, async ({ office }) => {
  test.setTimeout(ROUNDS * ROUND_MS_MAX);
  const profile = mkdtempSync(join(tmpdir(), 'stairwell-kills-'));
  const chance = chances(SEED);
  const counts = { said: 0, saved_unsaid: 0, draft: 0 };
  let saveMs = SAVE_MS_FIRST;
  let phone = await openFirst(profile, office);
  const doors = await doorsOf(phone.page, ROUNDS);
  try {
    for (const [number, door] of doors.entries()) {
      const round: Round = { text: `第${number + 1}次掐断。`, door, said: false };
      const after = (EARLIEST + chance() * (LATEST - EARLIEST)) * saveMs;
      const took = await saveAndKill(phone, round, after);
      if (took !== undefined) saveMs = (saveMs + took) / 2;
      phone = await openAgain(profile, office);
      const found = await look(phone.page, round);
      const where = `round ${number + 1} of seed ${SEED}, killed ${after.toFixed(0)} ms after the tap, said saved: ${round.said}`;
      if (round.said) expect(found, where).toEqual({ saved: 1, draft: undefined });
      else expect([{ saved: 1, draft: undefined }, { saved: 0, draft: round.text }], where).toContainEqual(found);
      if (found.draft !== undefined) await finish(phone.page, round);
      counts[round.said ? 'said' : found.saved ? 'saved_unsaid' : 'draft'] += 1;
    }
    await expect.poll(async () => (await statusFacts(phone.page)).waiting).toBe(0);
    await atTheOffice(office, doors);
  } finally {
    await phone.browser.kill();
    removeProfile(profile);
  }
  test.info().annotations.push({ type: 'kills', description: JSON.stringify({ rounds: doors.length, ...counts, save_ms: Math.round(saveMs) }) });
  console.log('kills', JSON.stringify({ rounds: doors.length, ...counts, save_ms: Math.round(saveMs) }));
  expect(doors).toHaveLength(ROUNDS);
});

interface Opened { browser: Killable; page: Page }

async function openFirst(profile: string, office: Office): Promise<Opened> {
  const browser = await launchKillable(profile);
  const page = await browser.newPage();
  await enrolOn(page, office.server, CHEN);
  return { browser, page };
}

async function openAgain(profile: string, office: Office): Promise<Opened> {
  const browser = await launchKillable(profile);
  const page = await browser.newPage();
  await page.goto(`http://chen.localhost:${office.server.port}/`);
  await expect(phoneHome(page)).toBeVisible();
  await appIsKept(page);
  return { browser, page };
}

/** Writes a visit, taps 保存, and ends the browser so long after (or before) the tap. Answers how long the save took, if it was seen. */
async function saveAndKill({ browser, page }: Opened, round: Round, afterMs: number): Promise<number | undefined> {
  await go(page, `/visit/new/${round.door.id}`);
  await page.getByRole('radio', { name: '见面', exact: true }).check();
  await note(page).fill(round.text);
  // No page shows that the last letter is stored, so the store is asked.
  await expect.poll(async () => (await draftFacts(page, round.door.id))?.note).toBe(round.text);
  const tapped = Date.now() + Math.max(0, -afterMs);
  let tookMs: number | undefined;
  const said = visitLine(page, round.text).waitFor({ timeout: ROUND_MS_MAX }).then(() => {
    round.said = true;
    tookMs = Date.now() - tapped;
  }, () => undefined);
  const tapping = (async () => {
    await later(Math.max(0, -afterMs));
    await save(page);
  })().catch(() => undefined);
  await later(Math.max(0, afterMs));
  await browser.kill();
  await Promise.all([said, tapping]);
  return tookMs;
}

function later(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

async function look(page: Page, { text, door }: Round): Promise<Found> {
  const visits = await ask<{ note: string }[]>(page, 'my_visits', { limit: 1_000 });
  return { saved: visits.filter((visit) => visit.note === text).length, draft: (await draftFacts(page, door.id))?.note };
}

/** What was left half written is there to go on with, and is saved. */
async function finish(page: Page, { text, door }: Round): Promise<void> {
  await go(page, `/visit/new/${door.id}`);
  await expect(note(page)).toHaveValue(text);
  await save(page);
  await expect(visitLine(page, text)).toBeVisible();
}

/** A colleague's phone has each visit once. */
async function atTheOffice(office: Office, doors: readonly DoorFacts[]): Promise<void> {
  const lin = await office.enrol(LIN);
  await expect.poll(async () => (await statusFacts(lin)).visits).toBeGreaterThanOrEqual(doors.length);
  for (const [number, door] of doors.entries()) {
    const card = await ask<{ visits: { note: string }[] }>(lin, 'door_card', { door: door.id });
    expect(card.visits.map((visit) => visit.note)).toEqual([`第${number + 1}次掐断。`]);
  }
}
