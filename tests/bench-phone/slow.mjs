// A slow phone out of a fast computer, in two ways, because neither is the whole truth.
//
// `page`: Chromium's own CPU throttling, as Lighthouse uses it. It slows the page's main thread; the workers, the
// compositor and the browser's other processes run at full speed (Chromium refuses the command for workers).
// `renderer`: every renderer process, and with it page, worker and service worker, is stopped and let go by the clock,
// so that all its threads get one part in so many. The browser's own processes, where IndexedDB is kept, are not slowed.

const RUN_MS = 2;

/** @param {import('@playwright/test').Page} page @param {number} rate */
export async function slowPage(page, rate) {
  const tools = await page.context().newCDPSession(page);
  await tools.send('Emulation.setCPUThrottlingRate', { rate });
}

export class SlowRenderers {
  #browser;
  #rate;
  #isOn = true;
  /** @type {Promise<void>} */
  #ended = Promise.resolve();
  /** @type {number[]} */
  #renderers = [];

  /** @param {import('@playwright/test').CDPSession} browser @param {number} rate */
  constructor(browser, rate) {
    this.#browser = browser;
    this.#rate = rate;
  }

  async start() {
    await this.#look();
    this.#ended = this.#run();
    return this;
  }

  async stop() {
    this.#isOn = false;
    await this.#ended;
  }

  async #look() {
    const { processInfo } = await this.#browser.send('SystemInfo.getProcessInfo');
    this.#renderers = processInfo.filter((each) => each.type === 'renderer').map((each) => each.id);
  }

  async #run() {
    let asking = Promise.resolve();
    let owedMs = 0;
    for (let cycle = 0; this.#isOn; cycle++) {
      // New pages may have brought new processes.
      if (cycle % 4 === 0) asking = asking.then(() => this.#look()).catch(() => undefined);
      this.#signal('SIGCONT');
      owedMs += (await sleep(RUN_MS)) * (this.#rate - 1);
      this.#signal('SIGSTOP');
      // Timers are late on a busy computer; what came too much one way is made up for in the next turn.
      owedMs -= await sleep(owedMs);
    }
    this.#signal('SIGCONT');
    await asking;
  }

  /** @param {NodeJS.Signals} signal */
  #signal(signal) {
    for (const process_ of this.#renderers) {
      try {
        process.kill(process_, signal);
      } catch {
        // It ended meanwhile.
      }
    }
  }
}

/** Rests, and says how long it was. @param {number} ms */
function sleep(ms) {
  const begun = performance.now();
  return new Promise((/** @type {(ms: number) => void} */ resolve) => {
    setTimeout(() => resolve(performance.now() - begun), Math.max(ms, 0));
  });
}
