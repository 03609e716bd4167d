// The grids, buildings and workers that the filter menus and the names on the desk come from.

import { signal } from '@preact/signals';
import { bridge } from '../app/answers.ts';
import type { Directory } from './model/answers.ts';

/** Undefined until it was read once; the desk works without it, with fewer words. */
export const directory = signal<Directory | undefined>(undefined);

/** Reads the directory; a failure leaves what there is. */
export async function readDirectory(): Promise<void> {
  try {
    directory.value = (await bridge.call('get', { path: '/api/desk/directory' })) as Directory;
  } catch {
    // The list beside it says in words that the office cannot be reached.
  }
}
