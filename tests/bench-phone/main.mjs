// Measures the phone in real Chromium and prints one JSON line a figure. Started by `stairwell-bench phone`, which
// keeps the lines. Nothing is asserted here.
//
// node main.mjs WEB_FOLDER DATA_FOLDER CERTIFICATE KEY KEY_HASH RUNS    (the program's path is in STAIRWELL_BIN)

import { chromium } from '@playwright/test';
import { Server } from '../support/server.mjs';
import { NativePhone } from '../support/native-phone.mjs';
import { ask, go, kept, longestTask, mainThread, open, prepare, stopServiceWorkers, tap, watchTasks } from './phone.mjs';
import { SlowRenderers, slowPage } from './slow.mjs';
import { Wire } from './wire.mjs';

const [web = '', data = '', certificate = '', key = '', keyHash = '', runs = '5'] = process.argv.slice(2);
const RUNS = Number(runs);
/** As slow as a cheap phone beside a desktop computer. */
const SLOWER = 6;
const CHANGED_DOCUMENTS = 500;
const EXCHANGES_OF_500 = 3;
const EXCHANGES = 12;
const HOME = 'main a[href^="/b/"]';
const WINDOW = 'a.window';
const DOOR_CARD = '.plate-number';

/** @typedef {'full_speed' | 'page' | 'all_threads'} Slow what is slowed, see `slow.mjs` */

/** The median. @param {string} name @param {string} figure @param {number[]} values @param {string} unit */
function tell(name, figure, values, unit) {
  const inOrder = values.toSorted((a, b) => a - b);
  const value = inOrder[Math.floor(inOrder.length / 2)] ?? 0;
  console.log(JSON.stringify({ case: name, figure, value: Math.round(value * 10) / 10, unit }));
}

const server = await new Server(data, [
  '--web', web, '--tls-certificate', certificate, '--tls-key', key,
]).start();
const wire = new Wire(server.port);
const port = await wire.start();
const host = `https://chen.localhost:${port}`;
const browser = await chromium.launch({
  executablePath: process.env.CHROME_PATH ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', `--ignore-certificate-errors-spki-list=${Buffer.from(keyHash, 'hex').toString('base64')}`,
  ],
});

try {
  const context = await coldLoad();
  await nothingNew(context);
  await offline(context, 'full_speed');
  await offline(context, 'page');
  await offline(context, 'all_threads');
  await fiveHundred(context);
} finally {
  await browser.close();
  wire.stop();
  await server.stop();
}

/** A new phone from its link to the street of buildings, then to an app that needs no network. */
async function coldLoad() {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, locale: 'zh-CN' });
  await prepare(context);
  const page = await context.newPage();
  await slowPage(page, SLOWER);
  const link = server.link('陈小满').replace(`:${server.port}/`, `:${port}/`);
  let ms = 0;
  let home = { up: 0, down: 0 };
  const all = await wire.during(async () => {
    const before = { up: wire.up, down: wire.down };
    ms = await open(page, link, HOME);
    home = { up: wire.up - before.up, down: wire.down - before.down };
    await kept(page);
  });
  tell('cold_load', 'milliseconds', [ms], 'ms');
  tell('cold_load', 'wire_down_to_home', [home.down], 'B');
  tell('cold_load', 'wire_down', [all.down], 'B');
  tell('cold_load', 'wire_up', [all.up], 'B');
  await page.close();
  return context;
}

/** Exchanges with nothing to say, one after another on one connection. @param {import('@playwright/test').BrowserContext} context */
async function nothingNew(context) {
  const page = await context.newPage();
  await open(page, `${host}/`, HOME);
  const costs = [];
  for (let count = 0; count < EXCHANGES; count++) costs.push(await wire.during(() => ask(page, 'exchange')));
  // The first may have news to bring, and teaches both sides the headers that do not change.
  const later = costs.slice(1);
  for (const direction of /** @type {const} */ (['up', 'down'])) {
    tell('nothing_new', `wire_${direction}`, later.map((cost) => cost[direction]), 'B');
  }
  tell('nothing_new', 'wire', later.map((cost) => cost.up + cost.down), 'B');
  tell('nothing_new_first', 'wire', costs.slice(0, 1).map((cost) => cost.up + cost.down), 'B');
  await page.close();
}

/**
 * Without a network, and without anything of the app running: opened to a building face; then a door, and a visit saved.
 * @param {import('@playwright/test').BrowserContext} context @param {Slow} how
 */
async function offline(context, how) {
  wire.cut();
  /** @type {Record<string, Record<string, number[]>>} */
  const figures = {};
  const note = (/** @type {string} */ name, /** @type {Record<string, number>} */ values) => {
    for (const [figure, value] of Object.entries(values)) ((figures[name] ??= {})[figure] ??= []).push(value);
  };
  for (let run = 0; run < RUNS; run++) {
    const page = await context.newPage();
    await stopServiceWorkers(page);
    const cpu = await mainThread(page);
    const slow = how === 'all_threads' ? await new SlowRenderers(await browser.newBrowserCDPSession(), SLOWER).start() : undefined;
    if (how === 'page') await slowPage(page, SLOWER);
    note('offline_start', await cpu(() => open(page, `${host}/b/1`, WINDOW)));
    await settled(page);
    note('open_door', await cpu(() => tap(page, `${WINDOW} >> nth=${run}`, DOOR_CARD)));
    await settled(page);
    await go(page, `/visit/new/${new URL(page.url()).pathname.replace('/door/', '')}`);
    await page.getByRole('radio', { name: '见面', exact: true }).check();
    await page.getByRole('textbox', { name: '记录' }).fill(`第 ${run} 次，一切都好。`);
    await settled(page);
    note('save_visit', await cpu(() => tap(page, 'button[type=submit]', '.just-saved', '一切都好')));
    await slow?.stop();
    await page.close();
  }
  for (const [name, values] of Object.entries(figures)) {
    const under = how === 'page' ? name : `${name}_${how}`;
    tell(under, 'milliseconds', values.ms ?? [], 'ms');
    // A slowed thread spends the rest of its time waiting busily, which counts as work.
    if (how === 'full_speed') tell(under, 'main_thread_cpu', values.cpu_ms ?? [], 'ms');
  }
  wire.mend();
}

/** What the last step set off is over: a person has looked at the page meanwhile. @param {import('@playwright/test').Page} page */
async function settled(page) {
  await page.waitForTimeout(700);
}

/** A colleague wrote 500 visits; this phone hears of them. @param {import('@playwright/test').BrowserContext} context */
async function fiveHundred(context) {
  const page = await context.newPage();
  await open(page, `${host}/`, HOME);
  const [building] = await ask(page, 'buildings');
  const face = await ask(page, 'building_face', { building: building.building });
  const doors = face.floors.flatMap((/** @type {any} */ floor) => floor.doors);
  const lin = await NativePhone.enrol(`https://localhost:${server.port}`, server.link('林秋实'));
  await slowPage(page, SLOWER);
  /** @type {number[]} */
  const times = [];
  const longest = [];
  const bytes = [];
  for (let run = 0; run < Math.min(RUNS, EXCHANGES_OF_500); run++) {
    await ask(page, 'exchange');
    wire.cut();
    const changes = Array.from({ length: CHANGED_DOCUMENTS }, (_, index) =>
      lin.newVisit({ door: doors[index % doors.length].id, note: `第 ${index + 1} 次走访，一切都好。` }));
    await lin.exchange({ changes });
    wire.mend();
    await watchTasks(page);
    const cost = await wire.during(async () => {
      const begun = performance.now();
      await ask(page, 'exchange');
      times.push(performance.now() - begun);
    });
    longest.push(await longestTask(page));
    bytes.push(cost.down);
  }
  tell('exchange_500', 'milliseconds', times, 'ms');
  tell('exchange_500', 'longest_task', longest, 'ms');
  tell('exchange_500', 'wire_down', bytes, 'B');
  await page.close();
}
