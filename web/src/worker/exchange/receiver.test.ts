// One answer, byte by byte: after each byte the store holds exactly the frames that are complete.

import { describe, expect, it } from 'vitest';
import { Library } from '../documents/library.ts';
import { Serial } from '../serial.ts';
import { Store } from '../store/store.ts';
import { COMMUNITY, GRID, Phone } from '../testing/phone.ts';
import { automerge } from '../testing/platform.ts';
import { CHEN, officeWithDoors } from '../testing/practice.ts';
import type { Frame } from './frames.ts';
import { PackReader } from './pack.ts';
import { Receiver } from './receiver.ts';
import { framesOf } from './wire-two.ts';

const A = await automerge();

describe('an answer that comes byte by byte', () => {
  it('moves the place in the history with each stored row, and the cursor only when the history is here', async () => {
    const office = officeWithDoors(A, 3);
    office.rowsAtOnce = 1;
    const phone = await Phone.enrol(office, CHEN);
    const answer = await phone.peekAnswer();
    const store = await Store.open('byte by byte', () => () => undefined, false);
    await store.setFeeds([COMMUNITY, GRID]);
    const shared = { version: 2 as const, device: CHEN.device, community: COMMUNITY, clock_ms: phone.nowMs, feeds: [COMMUNITY, GRID], sent: [] };
    const receiver = new Receiver({
      shared, compared: [], offered: new Set(), store, library: new Library(automerge, () => () => undefined), writer: new Serial(), now: () => 0, changed: () => undefined,
      stopped: () => false, people: async () => false,
    });
    const reader = new PackReader();
    const seen: Frame[] = [];
    for (const byte of answer) {
      const items = reader.push(new Uint8Array([byte]));
      const frames = (await Promise.all(items.map((it) => framesOf(it, shared)))).flat();
      for (const frame of frames) await receiver.take(frame);
      if (frames.length > 0) await receiver.flush();
      seen.push(...frames);
      if (frames.length === 0) continue;
      const doors = seen.flatMap((frame) => (frame.frame === 'rows' && frame.feed === GRID ? frame.rows : []));
      const ended = seen.some((frame) => frame.frame === 'feed' && frame.feed === GRID);
      const grid = (await store.feeds()).find((feed) => feed.feed === GRID);
      expect((await store.standing()).doors).toBe(doors.length);
      const last = doors.at(-1);
      expect([grid?.cursor, grid?.past]).toEqual(ended ? [3, undefined] : [0, last && [0, last.seq]]);
    }
    expect(receiver.outcome).toMatchObject({ more: false, complete: true, clock_error_ms: office.serverTime });
    expect((await store.feeds()).map((feed) => [feed.cursor, feed.history])).toEqual([[1, 1], [3, 3]]);
  });
});
