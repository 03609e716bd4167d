// How the pages, the worker and the service worker become `dist`.
// The program embeds `dist` as it stands, so everything it serves (precompressed files too) is made here.

import { defineConfig } from 'vitest/config';
import { VitePWA } from 'vite-plugin-pwa';
import { precompress } from './build/precompress.ts';
import { stripWasmNames } from './build/strip-wasm-names.ts';
import packageFile from './package.json' with { type: 'json' };

/** Where `vite` (development only) sends the routes of the program. */
const serverUrl = process.env.STAIRWELL_SERVER ?? 'http://127.0.0.1:8470';

export default defineConfig({
  define: { __APP_VERSION__: JSON.stringify(packageFile.version) },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    // Nothing is inlined: the content security policy allows neither `data:` scripts nor inline ones.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  worker: { format: 'es', plugins: () => [stripWasmNames()] },
  server: { proxy: { '/api': serverUrl, '/healthz': serverUrl } },
  plugins: [
    stripWasmNames(),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src',
      filename: 'service-worker.ts',
      // The page registers the worker itself, and `public/manifest.webmanifest` is written by hand.
      injectRegister: false,
      manifest: false,
      injectManifest: {
        globPatterns: ['**/*.{js,css,html,wasm,svg,png,webmanifest}'],
        // The default of 2 MiB would leave Automerge's wasm out, and with it every save without signal.
        maximumFileSizeToCacheInBytes: 8_000_000,
      },
    }),
    precompress(),
  ],
  test: {
    environment: 'node',
    include: ['src/**/*.test.ts', 'build/**/*.test.ts'],
    // No claim is about time; a busy machine must not fail one.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    setupFiles: ['build/test-seed.ts'],
  },
});
