// How the claims about the whole are run: real Chromium, the real program, one data folder a test.

import { defineConfig } from '@playwright/test';
import { CHROME, CHROME_FLAGS } from './e2e/support/chrome.ts';

export default defineConfig({
  globalSetup: './e2e/support/template.ts',
  // The machine has two cores, and a test is a browser and a server.
  workers: 2,
  fullyParallel: true,
  // No claim is about time: these are several times what a busy machine takes.
  timeout: 240_000,
  // The whole takes six minutes on a quiet machine. What never ends fails and says so.
  globalTimeout: 40 * 60_000,
  expect: { timeout: 60_000 },
  forbidOnly: process.env.CI !== undefined,
  reporter: [['list']],
  outputDir: './e2e/test-results',
  use: {
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    trace: 'retain-on-failure',
    launchOptions: { executablePath: CHROME, args: CHROME_FLAGS },
  },
  projects: [
    // Fifty browsers one after another: minutes, not seconds, so it begins first, beside all others.
    { name: 'kills', testDir: './e2e', testMatch: 'kills.spec.ts' },
    { name: 'claims', testDir: './e2e', testMatch: '*.spec.ts', testIgnore: 'kills.spec.ts' },
    { name: 'screenshots', testDir: '.', testMatch: 'screenshots.ts', workers: 1 },
  ],
});
