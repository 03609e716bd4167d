// One answer, byte by byte: after each byte the store holds exactly the frames that are complete.

import { describe, expect, it } from 'vitest';
import { Library } from '../documents/library.ts';
import { Serial } from '../serial.ts';
import { Store } from '../store/store.ts';
import { COMMUNITY, GRID, Phone } from '../testing/phone.ts';
import { automerge } from '../testing/platform.ts';
import { CHEN, officeWithDoors } from '../testing/practice.ts';
import type { Frame } from './frames.ts';
import { FrameReader } from './pack.ts';
import { Receiver } from './receiver.ts';

const A = await automerge();

describe('an answer that comes byte by byte', () => {
  it('moves the cursor with each stored document and never past one that is not stored', async () => {
    const office = officeWithDoors(A, 3);
    const answer = await (await Phone.enrol(office, CHEN)).peekAnswer();
    const store = await Store.open('byte by byte');
    await store.setFeeds([COMMUNITY, GRID]);
    const receiver = new Receiver({
      store, library: new Library(automerge), writer: new Serial(), now: () => 0, changed: () => undefined, stopped: () => false,
      people: async () => false,
    });
    const reader = new FrameReader();
    const seen: Frame[] = [];
    for (const byte of answer) {
      const frames = reader.push(new Uint8Array([byte]));
      for (const frame of frames) await receiver.take(frame);
      if (frames.length > 0) await receiver.flush();
      seen.push(...frames);
      if (frames.length === 0) continue;
      const doors = seen.flatMap((frame) => (frame.frame === 'document' && frame.feed === GRID ? [frame] : []));
      const grid = (await store.feeds()).find((feed) => feed.feed === GRID);
      expect((await store.standing()).doors).toBe(doors.length);
      expect(grid?.cursor).toBe(doors.at(-1)?.seq ?? 0);
    }
    expect(receiver.outcome).toMatchObject({ more: false, complete: true, clock_error_ms: office.serverTime });
    expect((await store.feeds()).map((feed) => [feed.cursor, feed.history])).toEqual([[1, 1], [3, 3]]);
  });
});
