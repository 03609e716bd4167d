// The signal dies after any byte, on the way up or down: the exchange converges, says ● no sooner than the receipt was
// heard, and sends nothing again that was receipted.

import { describe, expect, it } from 'vitest';
import { Colleague } from '../testing/colleague.ts';
import type { Office } from '../testing/office.ts';
import { GRID, Phone } from '../testing/phone.ts';
import { automerge } from '../testing/platform.ts';
import { CHEN, doorId, LIN, officeWithDoors } from '../testing/practice.ts';

const A = await automerge();

type Direction = 'up' | 'down';

/** Lets this many bytes through; true when that was all of it. */
async function exchangeCut(phone: Phone, direction: Direction, bytes: number): Promise<boolean> {
  if (direction === 'up') phone.network.cutRequestAfter = bytes;
  else phone.network.cutAfter = bytes;
  await phone.exchange();
  phone.network.cutRequestAfter = undefined;
  phone.network.cutAfter = undefined;
  return bytes >= (direction === 'up' ? phone.requestBytes : phone.answer.length);
}

/** Where the first frame of an answer ends: in these tests it receipts all changes. */
function receiptsEnd(answer: Uint8Array): number {
  return 1 + (answer[0] ?? 0);
}

function changesIn(office: Office, from: number): string[] {
  return office.requests.slice(from).flat().flatMap((frame) => (frame.frame === 'change' ? [frame.document] : []));
}

/** One phone's days at one office: few enough that each stays quick. */
const DAYS = 50;

/** A small day: something new of one's own, something new of another's, and another's words in one's own. */
class SmallDays {
  before: string | undefined;
  #number = 0;
  readonly office: Office;
  readonly chen: Phone;
  readonly #colleague: Colleague;

  private constructor(office: Office, chen: Phone) {
    this.office = office;
    this.chen = chen;
    this.#colleague = new Colleague(A, office, LIN);
  }

  static async begin(): Promise<SmallDays> {
    const office = officeWithDoors(A, 12);
    const days = new SmallDays(office, await Phone.enrol(office, CHEN));
    await days.chen.exchange();
    await days.write();
    await days.chen.exchange();
    return days;
  }

  async write(): Promise<string> {
    const { chen, before } = this;
    const number = this.#number++;
    const note = '一切都好。';
    const { visit } = await chen.offline(() => chen.call('save_visit', chen.draft(doorId(1 + (number % 6)), { note })));
    await this.#colleague.visit(doorId(7 + (number % 6)), '另一位网格员来过。');
    if (before) this.#colleague.edit(before, '又补一句。');
    this.before = visit;
    return visit;
  }
}

describe.each(['up', 'down'] as const)('a small day cut at every byte on the way %s', (direction) => {
  it('always converges, with the next whole exchange', { timeout: 600_000 }, async () => {
    let cut = 0;
    for (let whole = false; !whole; ) {
      const days = await SmallDays.begin();
      for (let day = 0; day < DAYS && !whole; day++, cut++) {
        whole = await oneDay(days, direction, cut);
      }
      expect(await days.chen.feedIsEqual(GRID)).toBe(true);
    }
    expect(cut).toBeGreaterThan(200);
  });
});

async function oneDay(days: SmallDays, direction: Direction, cut: number): Promise<boolean> {
  const { office, chen, before } = days;
  const visit = await days.write();
  const whole = await exchangeCut(chen, direction, cut);
  const heard = whole || (direction === 'down' && cut >= receiptsEnd(chen.answer));
  expect([cut, (await chen.call('my_visits', { limit: 1 }))[0]?.mark]).toEqual([cut, heard ? 'on_server' : 'on_phone']);

  const asked = office.requests.length;
  await chen.exchange();
  expect(changesIn(office, asked)).toEqual(heard ? [] : [visit]);
  // One request is enough, so the digests were equal.
  expect([cut, office.requests.length]).toEqual([cut, asked + 1]);
  expect((await chen.call('my_visits', { limit: 2 })).map((row) => [row.id, row.mark, row.note])).toEqual([
    [visit, 'on_server', '一切都好。'], [before, 'on_server', '又补一句。'],
  ]);
  expect(office.documents.get(visit)?.changes).toHaveLength(1);
  return whole;
}

/** A small generator of even numbers in [0, 1), the same for the same seed. */
function chanceFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('a large day, a first exchange before it, and cuts at any byte of either direction', () => {
  it.each([1, 2, 3, 4, 5, 6])('from seed %i always converge', { timeout: 600_000 }, async (seed) => {
    const chance = chanceFrom(seed);
    const office = officeWithDoors(A, 24);
    office.rowsAtOnce = 5;
    const colleague = new Colleague(A, office, LIN);
    for (let past = 0; past < 40; past++) await colleague.visit(doorId(1 + (past % 24)), `往日第${past}次`);
    const chen = await Phone.enrol(office, CHEN);
    let answerBytes = 4000;
    for (let cuts = 0; cuts < 12; cuts++) {
      await exchangeCut(chen, 'down', Math.floor(chance() * answerBytes));
      answerBytes = chen.answer.length;
    }
    await chen.exchange();
    expect(await chen.call('status')).toMatchObject({ doors: 24, visits: 40, waiting: 0 });

    const visits: string[] = [];
    for (let day = 0; day < 30; day++) {
      const note = '家中有人。'.repeat(1 + Math.floor(chance() * 20));
      visits.push((await chen.offline(() => chen.call('save_visit', chen.draft(doorId(1 + (day % 24)), { note })))).visit);
      if (day % 2 === 0) await colleague.visit(doorId(1 + (day % 24)), note);
    }
    let done = new Set<string>();
    for (let cuts = 0; cuts < 24; cuts++) {
      const [asked, answers] = [office.requests.length, chen.answers];
      const direction = chance() < 0.5 ? 'up' : 'down';
      await exchangeCut(chen, direction, Math.floor(chance() * (direction === 'up' ? chen.requestBytes : chen.answer.length)));
      for (const document of changesIn(office, asked)) expect(done.has(document)).toBe(false);
      const marks = (await chen.call('my_visits', { limit: 99 })).filter((row) => visits.includes(row.id));
      const heard = new Set(marks.filter((row) => row.mark === 'on_server').map((row) => row.id));
      for (const document of heard) expect(office.documents.has(document)).toBe(true);
      // Nothing but an answer says that something arrived.
      expect(chen.answers > answers || [...heard].every((document) => done.has(document))).toBe(true);
      for (const document of done) expect(heard.has(document)).toBe(true);
      done = heard;
    }
    await chen.exchange();
    expect(await chen.call('status')).toMatchObject({ visits: 40 + 30 + 15, waiting: 0, held: [] });
    expect(await chen.feedIsEqual(GRID)).toBe(true);
    for (const visit of visits) expect(office.documents.get(visit)?.changes).toHaveLength(1);
  });
});
