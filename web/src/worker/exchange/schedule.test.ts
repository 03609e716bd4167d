// When the phone asks the office: never twice at once, later and later after failures, at once when something happens.

import { beforeEach, describe, expect, it } from 'vitest';
import { offline } from '../refusals.ts';
import type { Surroundings } from '../surroundings.ts';
import { Schedule } from './schedule.ts';

/** A run that the test ends when it likes. */
interface Run { everything: boolean; end(error?: Error): Promise<void> }

let runs: Run[];
let waits: { delayMs: number; body: () => void; off: boolean }[];
let online: boolean;
let pending: boolean;
let nowMs: number;
let schedule: Schedule;

beforeEach(() => {
  runs = [];
  waits = [];
  [online, pending, nowMs] = [true, false, 0];
  const surroundings: Partial<Surroundings> = {
    now: () => nowMs,
    random: () => 1,
    later: (delayMs, body) => {
      const wait = { delayMs, body, off: false };
      waits.push(wait);
      return () => (wait.off = true);
    },
  };
  schedule = new Schedule({
    surroundings: surroundings as Surroundings, status: () => undefined, online: () => online, pending: () => pending,
    failed: async () => undefined,
    run: (everything) => new Promise((resolve, reject) => {
      runs.push({
        everything,
        end: async (error) => {
          if (error) reject(error);
          else resolve();
          await new Promise((later) => setTimeout(later, 0));
        },
      });
    }),
  });
});

const planned = (): number[] => waits.filter((wait) => !wait.off).map((wait) => wait.delayMs);

describe('triggers of one moment', () => {
  it('are one run', async () => {
    for (const trigger of ['open', 'visible', 'online', 'saved'] as const) void schedule.trigger(trigger);
    expect(runs).toHaveLength(1);
    await runs[0]?.end();
    expect(runs).toHaveLength(1);
    expect(schedule.running).toBe(false);
  });

  it('run once more when something is still unsent after the run that was under way', async () => {
    void schedule.trigger('open');
    pending = true;
    void schedule.trigger('saved');
    await runs[0]?.end();
    expect(runs).toHaveLength(2);
  });

  it('run once more for news that the run under way did not bring', async () => {
    void schedule.trigger('open');
    void schedule.trigger('live', () => false);
    void schedule.trigger('live', async () => true);
    await runs[0]?.end();
    expect(runs).toHaveLength(2);
  });

  it("always run again for the person's own button, with everything", async () => {
    void schedule.trigger('open');
    void schedule.trigger('button');
    await runs[0]?.end();
    expect(runs.map((run) => run.everything)).toEqual([false, true]);
  });

  it('leave a phone that was heard just now in peace', async () => {
    void schedule.trigger('open');
    await runs[0]?.end();
    nowMs += 5_000;
    void schedule.trigger('visible');
    expect(runs).toHaveLength(1);
    nowMs += 60_000;
    void schedule.trigger('visible');
    expect(runs).toHaveLength(2);
  });
});

describe('a failure', () => {
  it('is tried again later and later, up to five minutes', async () => {
    void schedule.trigger('open');
    for (let count = 0; count < 10; count++) {
      await runs.at(-1)?.end(offline());
      waits.at(-1)?.body();
    }
    expect(waits.map((wait) => wait.delayMs).slice(0, 4)).toEqual([2_000, 4_000, 8_000, 16_000]);
    expect(Math.max(...waits.map((wait) => wait.delayMs))).toBe(300_000);
  });

  it('does not make a save wait', async () => {
    void schedule.trigger('open');
    await runs[0]?.end(offline());
    expect(planned()).toEqual([2_000]);
    void schedule.trigger('saved');
    expect(runs).toHaveLength(2);
    expect(planned()).toEqual([]);
  });

  it('is forgotten after a success', async () => {
    void schedule.trigger('open');
    await runs[0]?.end(offline());
    void schedule.trigger('saved');
    await runs[1]?.end();
    void schedule.trigger('saved');
    await runs[2]?.end(offline());
    expect(planned()).toEqual([2_000]);
  });
});

describe('a run that ends well', () => {
  it('with something still unsent is followed by another, later and later', async () => {
    pending = true;
    void schedule.trigger('saved');
    for (let count = 0; count < 3; count++) {
      await runs.at(-1)?.end();
      waits.at(-1)?.body();
    }
    expect(waits.map((wait) => wait.delayMs)).toEqual([2_000, 4_000, 8_000]);
  });

  it('is not followed by another when all is sent', async () => {
    void schedule.trigger('saved');
    await runs[0]?.end();
    expect(planned()).toEqual([]);
  });
});

describe('without a network', () => {
  beforeEach(() => {
    online = false;
  });

  it('nothing is tried, and nothing planned while nothing waits', () => {
    void schedule.trigger('saved');
    expect([runs.length, planned()]).toEqual([0, []]);
  });

  it('work that waits is tried all the same after a while, for the browser may be wrong', () => {
    pending = true;
    void schedule.trigger('saved');
    expect(planned()).toEqual([60_000]);
    waits[0]?.body();
    expect(runs).toHaveLength(1);
  });

  it("the person's own button is always tried", () => {
    void schedule.trigger('button');
    expect(runs).toHaveLength(1);
  });
});
