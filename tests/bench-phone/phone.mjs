// The phone as a person holds it: opened, tapped and written on, with the time from the tap to the picture.

/** What a page measures of itself: from an event to the frame in which something first stands there. */
const STOPWATCH = `
  globalThis.stopwatch = {
    marks: [],
    /** Resolves with the time (since the page began to open) of the frame that follows the first sight of what is looked for. */
    sight(selector, text) {
      return new Promise((resolve) => {
        const look = () => {
          const found = [...document.querySelectorAll(selector)].some((each) => each.textContent.includes(text));
          if (found) {
            watcher.disconnect();
            requestAnimationFrame(() => { const channel = new MessageChannel(); channel.port1.onmessage = () => resolve(performance.now()); channel.port2.postMessage(0); });
          }
          return found;
        };
        const watcher = new MutationObserver(look);
        watcher.observe(document, { subtree: true, childList: true, characterData: true });
        look();
      });
    },
  };
`;

/** @param {import('@playwright/test').BrowserContext} context */
export async function prepare(context) {
  await context.addInitScript(STOPWATCH);
}

/**
 * Opens an address and gives ms from its beginning to the picture of what is looked for.
 * @param {import('@playwright/test').Page} page @param {string} url @param {string} selector
 */
export async function open(page, url, selector) {
  await page.addInitScript((wanted) => {
    Object.assign(globalThis, { opened: /** @type {any} */ (globalThis).stopwatch.sight(wanted, '') });
  }, selector);
  await page.goto(url, { waitUntil: 'commit' });
  return await page.evaluate(() => /** @type {Promise<number>} */ (/** @type {any} */ (globalThis).opened));
}

/** How long a finger rests on the glass in a tap. */
const TAP_MS = 80;

/**
 * Taps with a finger and gives ms from the tap, as the browser timed it, to the picture.
 * @param {import('@playwright/test').Page} page @param {string} tapped selector @param {string} selector @param {string} text
 */
export async function tap(page, tapped, selector, text = '') {
  const target = page.locator(tapped).first();
  await target.scrollIntoViewIfNeeded();
  const box = await target.boundingBox();
  if (!box) throw new Error(`nothing to tap: ${tapped}`);
  await page.evaluate(([wanted, words]) => {
    const scope = /** @type {any} */ (globalThis);
    scope.tapped = new Promise((resolve) => {
      addEventListener('click', (event) => {
        void scope.stopwatch.sight(wanted, words).then((/** @type {number} */ at) => resolve(at - event.timeStamp));
      }, { capture: true, once: true });
    });
  }, [selector, text]);
  const tools = await page.context().newCDPSession(page);
  const touchPoints = [{ x: box.x + box.width / 2, y: box.y + box.height / 2 }];
  await tools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints });
  await page.waitForTimeout(TAP_MS);
  await tools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  return await page.evaluate(() => /** @type {Promise<number>} */ (/** @type {any} */ (globalThis).tapped));
}

/**
 * Asks the app's worker, over the channel on which its tabs ask it too.
 * @param {import('@playwright/test').Page} page @param {string} name @param {unknown} [argument]
 */
export async function ask(page, name, argument) {
  return /** @type {any} */ (await page.evaluate(([asked, given]) => new Promise((resolve, reject) => {
    const channel = new BroadcastChannel('stairwell');
    const id = crypto.randomUUID();
    channel.addEventListener('message', ({ data }) => {
      if (data.kind !== 'reply' || data.to !== id) return;
      channel.close();
      if (data.reply.kind === 'answer') resolve(data.reply.answer);
      else reject(new Error(JSON.stringify(data.reply.refusal)));
    });
    channel.postMessage({ kind: 'ask', from: id, ask: { kind: 'ask', id, name: asked, argument: given } });
  }), /** @type {const} */ ([name, argument])));
}

/** A path of the app, without loading it anew. @param {import('@playwright/test').Page} page @param {string} path */
export async function go(page, path) {
  await page.evaluate((to) => {
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate', { state: null }));
  }, path);
}

/** The app is whole on the phone: it opens without a network from now on. @param {import('@playwright/test').Page} page */
export async function kept(page) {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) {
      await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }));
    }
  });
}

/** As after a night: the service worker is started by the next page that needs it. @param {import('@playwright/test').Page} page */
export async function stopServiceWorkers(page) {
  const tools = await page.context().newCDPSession(page);
  await tools.send('ServiceWorker.enable');
  await tools.send('ServiceWorker.stopAllWorkers');
}

/**
 * Gives a function that measures a step: its time, and the processor time of the page's main thread, tools included.
 * @param {import('@playwright/test').Page} page
 */
export async function mainThread(page) {
  const tools = await page.context().newCDPSession(page);
  await tools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const spent = async () => {
    const { metrics } = await tools.send('Performance.getMetrics');
    return 1000 * (metrics.find((each) => each.name === 'TaskDuration')?.value ?? 0);
  };
  return async (/** @type {() => Promise<number>} */ step) => {
    const before = await spent();
    const ms = await step();
    return { ms, cpu_ms: (await spent()) - before };
  };
}

/** @param {import('@playwright/test').Page} page */
export async function watchTasks(page) {
  await page.evaluate(() => {
    const scope = /** @type {any} */ (globalThis);
    scope.longest = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) scope.longest = Math.max(scope.longest, entry.duration);
    }).observe({ type: 'longtask' });
  });
}

/** The longest the page could not be touched since `watchTasks`; 0 when never for 50 ms. @param {import('@playwright/test').Page} page */
export async function longestTask(page) {
  return await page.evaluate(() => /** @type {number} */ (/** @type {any} */ (globalThis).longest));
}
