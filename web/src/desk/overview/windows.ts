// Reads all doors of the community for the windows of the first page, seldom, and keeps them while the desk is open.

import { signal } from '@preact/signals';
import { bridge } from '../../app/answers.ts';
import type { DoorAnswer, Page } from '../model/answers.ts';
import { doorQuery, readDoorFilters } from '../model/filters.ts';
import { MOST_ROWS, join, pagesFor } from '../model/pages.ts';
import { blocksOf, type Block } from '../model/windows.ts';

/** More doors than this are no picture any more, and too much to read for one. */
const DOORS_MAX = 6_000;
/** Windows change slowly; a street of visits an hour must not read all doors each time. */
const REST_MS = 60_000;

/** Empty until all doors were read once. */
export const blocks = signal<Block[]>([]);

let readAt = -Infinity;

/** Reads the windows again when what is known is old. `doors`: how many there are. */
export async function refreshWindows(doors: number): Promise<void> {
  if (doors === 0 || doors > DOORS_MAX || Date.now() - readAt < REST_MS) return;
  readAt = Date.now();
  try {
    const pages = await Promise.all(pagesFor(doors, MOST_ROWS).map(async ({ offset, limit }) => (
      (await bridge.call('get', { path: `/api/desk/doors${doorQuery(readDoorFilters(''), offset, limit)}` })) as Page<DoorAnswer>
    )));
    blocks.value = blocksOf(join(pages, (door) => door.id).rows, Date.now());
  } catch {
    // The numbers above say in words that the office cannot be reached; the picture stays as it was.
    readAt = -Infinity;
  }
}
