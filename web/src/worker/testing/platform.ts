// What a browser gives and Node does not: Automerge's wasm from a file. Used by tests only.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Library, type Automerge } from '../documents/library.ts';

const require = createRequire(import.meta.url);

export async function automerge(): Promise<Automerge> {
  const module = await import('@automerge/automerge/slim');
  if (!module.isWasmInitialized()) {
    await module.initializeWasm(await readFile(require.resolve('@automerge/automerge/automerge.wasm')));
  }
  return module;
}

export function library(): Library {
  return new Library(automerge, () => () => undefined);
}

export async function fixture<T>(name: string): Promise<T> {
  return JSON.parse(await readFile(new URL(`../../../../tests/fixtures/${name}`, import.meta.url), 'utf8')) as T;
}
