// The signal dies anywhere: what came through counts, what did not comes again, nothing comes twice.

import { beforeEach, describe, expect, it } from 'vitest';
import type { Office } from '../testing/office.ts';
import { GRID, Phone } from '../testing/phone.ts';
import { automerge } from '../testing/platform.ts';
import { CHEN, doorId, LIN, officeWithDoors } from '../testing/practice.ts';

const A = await automerge();
let office: Office;
let chen: Phone;

beforeEach(async () => {
  office = officeWithDoors(A, 8);
  chen = await Phone.enrol(office, CHEN);
});

/** Where each frame of the last answer ends. */
function frameEnds(answer: Uint8Array): number[] {
  const ends: number[] = [];
  for (let at = 0; at < answer.length; ends.push(at)) {
    let length = 0;
    for (let shift = 0; ; shift++) {
      const byte = answer[at++] ?? 0;
      length += (byte & 0x7f) * 128 ** shift;
      if (byte < 0x80) break;
    }
    at += length;
  }
  return ends;
}

describe('a first exchange that is cut again and again', () => {
  it('keeps what came, goes on from there and ends with everything', async () => {
    office.rowsAtOnce = 1;
    const doors: number[] = [];
    for (let round = 0; round < 30; round++) {
      chen.network.cutAfter = 700 + 120 * (round % 3);
      await chen.exchange();
      doors.push((await chen.call('status')).doors);
    }
    expect(doors).toEqual([...doors].sort((a, b) => a - b));
    expect(new Set(doors).size).toBeGreaterThan(3);
    expect(doors.at(-1)).toBe(8);
    chen.network.cutAfter = undefined;
    await chen.exchange();
    expect((await chen.call('buildings'))[0]?.doors).toBe(8);
    expect(await chen.feedIsEqual(GRID)).toBe(true);
  });
});

describe('an exchange with a save on its way', () => {
  it.each(Array.from({ length: 12 }, (_, index) => index))('cut at frame %i leaves the phone with exactly what the receipts said', async (index) => {
    await chen.exchange();
    const lin = await Phone.enrol(office, LIN);
    await lin.exchange();
    await lin.call('save_visit', lin.draft(doorId(4), { note: '四户没有人' }));
    await lin.exchange();
    const first = await chen.offline(() => chen.call('save_visit', chen.draft(doorId(1), { note: '一户' })));
    const second = await chen.offline(() => chen.call('save_visit', chen.draft(doorId(2), { note: '二户在家' })));

    const probe = await chen.peekAnswer();
    const ends = frameEnds(probe);
    const end = ends[Math.floor(index / 2)] ?? probe.length;
    chen.network.cutAfter = index % 2 === 0 ? end : end - 1;
    // The first frame receipts both.
    const receipts = (ends[0] ?? 0) <= (chen.network.cutAfter ?? 0) ? 2 : 0;
    await chen.exchange();
    expect((await chen.call('status')).waiting).toBe(2 - receipts);
    expect(office.documents.has(first.visit)).toBe(true);

    chen.network.cutAfter = undefined;
    await chen.exchange();
    const status = await chen.call('status');
    expect(status).toMatchObject({ waiting: 0, held: [], visits: 3 });
    expect(office.documents.get(second.visit)?.changes).toHaveLength(1);
    expect((await chen.call('my_visits', { limit: 9 })).map((row) => row.mark)).toEqual(['on_server', 'on_server']);
    expect(await chen.feedIsEqual(GRID)).toBe(true);
  });

  it('a request that never arrived is simply asked again', async () => {
    await chen.exchange();
    await chen.call('save_visit', chen.draft(doorId(1), { note: '一户' }));
    chen.network.dropRequests = true;
    await chen.exchange();
    expect(await chen.call('status')).toMatchObject({ waiting: 1, last_error: { code: 'offline' } });
    chen.network.dropRequests = false;
    await chen.exchange();
    expect(await chen.call('status')).toMatchObject({ waiting: 0, last_error: undefined });
  });

  it('an answer that never arrived costs no second copy at the office', async () => {
    await chen.exchange();
    const { visit } = await chen.offline(() => chen.call('save_visit', chen.draft(doorId(1), { note: '一户' })));
    chen.network.cutAfter = 0;
    await chen.exchange();
    await chen.kill();
    await chen.start();
    chen.network.cutAfter = undefined;
    await chen.exchange();
    expect(office.documents.get(visit)?.changes).toHaveLength(1);
    expect((await chen.call('my_visits', { limit: 1 }))[0]?.mark).toBe('on_server');
  });
});

describe('a save made while a request is in flight', () => {
  it('is still pending when that request is answered, and goes with the next', async () => {
    await chen.exchange();
    await chen.offline(() => chen.call('save_visit', chen.draft(doorId(1), { note: '先' })));
    let visit = '';
    chen.network.beforeAnswer = async () => {
      chen.network.beforeAnswer = undefined;
      ({ visit } = await chen.call('save_visit', chen.draft(doorId(2), { note: '后' })));
    };
    await chen.exchange();
    expect(office.documents.has(visit)).toBe(true);
    expect((await chen.call('status')).waiting).toBe(0);
    const sent = office.requests.map((frames) => frames.filter((frame) => frame.frame === 'change').length);
    expect(sent.filter((count) => count > 0)).toEqual([1, 1]);
  });
});

describe('how much is tried at once', () => {
  const DAY = 12;

  async function dayOffline(): Promise<void> {
    await chen.exchange();
    for (let number = 1; number <= DAY; number++) {
      await chen.offline(() => chen.call('save_visit', chen.draft(doorId(1 + (number % 8)), { note: `第${number}户，一切都好。` })));
    }
  }

  /** Changes in each request from here on. */
  async function sent(): Promise<number[]> {
    const from = office.requests.length;
    await chen.exchange();
    return office.requests.slice(from).map((frames) => frames.filter((frame) => frame.frame === 'change').length);
  }

  it('is a whole day, though there was no signal at each of its visits', async () => {
    await dayOffline();
    expect(await sent()).toEqual([DAY]);
  });

  it('is less after the signal died under it again and again', async () => {
    await dayOffline();
    chen.network.cutAfter = 0;
    chen.network.beforeAnswer = async () => {
      chen.nowMs += 3000;
    };
    for (let cuts = 0; cuts < 8; cuts++) await chen.exchange();
    chen.network.cutAfter = undefined;
    const counts = await sent();
    expect(counts.length).toBeGreaterThan(1);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(DAY);
    expect((await chen.call('status')).waiting).toBe(0);
  });
});
