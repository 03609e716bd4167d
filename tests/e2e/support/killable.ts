// A Chromium that a test may end with SIGKILL: started by hand, so that its process is ours to name.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { CHROME, CHROME_FLAGS } from './chrome.ts';

export interface Killable {
  newPage(): Promise<Page>;
  /** Ends the browser and everything it started, at once and without a word. */
  kill(): Promise<void>;
}

/** Starts a browser over a profile folder, in a process group of its own. */
export async function launchKillable(profile: string): Promise<Killable> {
  const child = spawn(CHROME, [
    ...CHROME_FLAGS, '--headless', '--remote-debugging-port=0', '--window-size=360,740',
    `--user-data-dir=${profile}`, 'about:blank',
  ], { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  const browser = await chromium.connectOverCDP(await debuggingAddress(child));
  const context = browser.contexts()[0] as BrowserContext;
  return {
    newPage: () => context.newPage(),
    kill: async () => {
      const ended = once(child, 'exit');
      process.kill(-Number(child.pid), 'SIGKILL');
      await ended;
      await browser.close().catch(() => undefined);
    },
  };
}

/** Takes the folder away; a process of the killed browser may still be closing a file in it. */
export function removeProfile(profile: string): void {
  rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

function debuggingAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    // All it says is read to the end, or its pipe fills and it stops.
    createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', (line) => {
      const found = /DevTools listening on (ws:\S+)/.exec(line);
      if (found?.[1]) resolve(found[1]);
    });
    child.once('exit', () => reject(new Error('the browser ended before it could be spoken to')));
  });
}
