// Writes `.br` and `.gz` beside every file of `dist` that gains from it, so that the program compresses nothing while serving.

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const COMPRESSED = /\.(js|css|html|svg|json|wasm|webmanifest|txt)$/;
/** Below this a response is one packet either way. */
const SIZE_BYTES_MIN = 512;

const brotli = promisify(brotliCompress);
const gunzippable = promisify(gzip);

async function compressFile(path: string): Promise<void> {
  const plain = await readFile(path);
  if (plain.length < SIZE_BYTES_MIN) return;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length };
  const variants = { br: await brotli(plain, { params }), gz: await gunzippable(plain, { level: 9 }) };
  for (const [ending, bytes] of Object.entries(variants)) {
    if (bytes.length < plain.length) await writeFile(`${path}.${ending}`, bytes);
  }
}

/** Runs after every other plugin has written its files, the service worker's among them. */
export function precompress(): Plugin {
  let folder = 'dist';
  return {
    name: 'stairwell:precompress',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    closeBundle: {
      sequential: true,
      order: 'post',
      async handler() {
        const names = await readdir(folder, { recursive: true });
        for (const name of names.filter((name) => COMPRESSED.test(name))) await compressFile(join(folder, name));
      },
    },
  };
}
