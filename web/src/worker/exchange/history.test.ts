// What a feed held before this phone first asked: doors first, then the past, and each of them as a row.

import { beforeEach, describe, expect, it } from 'vitest';
import { visitMadeAtMs } from '../ids.ts';
import { Colleague } from '../testing/colleague.ts';
import type { Office } from '../testing/office.ts';
import { GRID, Phone } from '../testing/phone.ts';
import { automerge } from '../testing/platform.ts';
import { CHEN, doorId, LIN, officeWithDoors } from '../testing/practice.ts';

const A = await automerge();
const DAY_MS = 24 * 60 * 60 * 1000;
const NOW = 1_800_000_000_000;
let office: Office;
let colleague: Colleague;
let chen: Phone;

beforeEach(async () => {
  office = officeWithDoors(A, 4);
  colleague = new Colleague(A, office, LIN);
  chen = await Phone.enrol(office, CHEN, NOW);
});

/** Where the frame before the first visit of the next answer ends. */
async function endOfDoors(): Promise<number> {
  office.rowsAtOnce = 2;
  const answer = await chen.peekAnswer();
  const told = office.answers.at(-1) ?? [];
  const doors = told.findIndex((frame) => frame.frame === 'rows' && frame.kind === 'visit');
  let end = 0;
  for (let frame = 0; frame < doors; frame++) {
    const [low = 0, high = 0] = answer.subarray(end);
    end += low < 0x80 ? 1 + low : 2 + (low & 0x7f) + high * 128;
  }
  return end;
}

async function lights(): Promise<unknown[]> {
  return (await chen.call('building_face', { building: '3' })).floors
    .flatMap((floor) => floor.doors.map((door) => [door.label, door.light, door.last_outcome]));
}

async function dueLabels(): Promise<unknown[]> {
  return (await chen.call('due')).map((row) => [row.door.label, row.days_left]);
}

describe('an answer cut after the doors', () => {
  beforeEach(async () => {
    await colleague.visit(doorId(1), '上周', 'met', NOW - 7 * DAY_MS);
    await colleague.visit(doorId(2), '上周', 'met', NOW - 37 * DAY_MS);
    await colleague.visit(doorId(3), '没人', 'no_answer', NOW - DAY_MS);
    await colleague.visit(doorId(3), '半年前', 'met', NOW - 200 * DAY_MS);
    chen.network.cutAfter = await endOfDoors();
    await chen.exchange();
    chen.network.cutAfter = undefined;
  });

  it('already lights the windows and says what is due, as the whole past does', async () => {
    expect(await chen.call('status')).toMatchObject({ doors: 4, visits: 0 });
    const early = [await lights(), await dueLabels()];
    expect(early).toEqual([
      [['101', 'lit', 'met'], ['104', 'dark', undefined], ['102', 'due', 'met'], ['103', 'dark', 'no_answer']],
      [['104', undefined], ['102', -7], ['103', undefined]],
    ]);
    await chen.exchange();
    expect(await chen.call('status')).toMatchObject({ doors: 4, visits: 4 });
    // Only the visit before the newest was not told with its door.
    expect(await lights()).toEqual([['101', 'lit', 'met'], ['104', 'dark', undefined], ['102', 'due', 'met'], ['103', 'due', 'no_answer']]);
    expect(await chen.feedIsEqual(GRID)).toBe(true);
  });

  it('goes on behind the doors: none of them comes twice', async () => {
    await chen.exchange();
    const rows = (office.answers.at(-1) ?? []).flatMap((frame) => (frame.frame === 'rows' ? [[frame.kind, frame.rows.map((row) => row.seq)]] : []));
    expect(rows).toEqual([['visit', [8, 7]], ['visit', [6, 5]]]);
  });

  it('keeps what was told of a door when something else is written there', async () => {
    await chen.offline(() => chen.call('save_visit', chen.draft(doorId(1), { note: '没人', outcome: 'no_answer' })));
    const [, door] = await Promise.all([chen.settled(), chen.call('building_face', { building: '3' })]);
    expect(door.floors[0]?.doors[0]).toMatchObject({ label: '101', light: 'lit', last_outcome: 'no_answer' });
  });

  it('follows the very visit when it is edited', async () => {
    await chen.exchange();
    const visit = [...office.documents.values()].find((held) => held.changes[0]?.seq === 5)?.document ?? '';
    colleague.edit(visit, '看错了门', 'no_answer');
    await chen.exchange();
    expect((await lights())[0]).toEqual(['101', 'dark', 'no_answer']);
  });
});

describe('the history', () => {
  it('comes as rows only, and a visit is whole once a person opens it', async () => {
    const visit = await colleague.visit(doorId(1), '往日一访');
    await chen.exchange();
    expect((await chen.call('door_card', { door: doorId(1) }))?.visits.map((row) => row.note)).toEqual(['往日一访']);
    expect(await chen.call('status')).toMatchObject({ documents_whole: 0 });
    expect(await chen.call('visit', { visit })).toMatchObject({ whole: true, note: '往日一访' });
  });

  it('moved on brings the new row, also by a patch, and no bytes that are of no use', async () => {
    const visit = await colleague.visit(doorId(1), '往日一访');
    await chen.exchange();
    colleague.edit(visit, '往日一访，再补一句', 'no_answer');
    await chen.exchange();
    const news = (office.answers.at(-1) ?? []).find((frame) => frame.frame === 'news');
    expect(news).toMatchObject({ summary: { patch: { note: '往日一访，再补一句', outcome: 'no_answer' } } });
    expect((await chen.call('door_card', { door: doorId(1) }))?.visits).toMatchObject([{ note: '往日一访，再补一句', outcome: 'no_answer' }]);
    expect(await chen.call('status')).toMatchObject({ documents_whole: 0 });
    expect(await chen.feedIsEqual(GRID)).toBe(true);
  });
});

describe('a new visit', () => {
  it('has an id made of device and time, and the next time when that one is used', async () => {
    await chen.exchange();
    const ids: string[] = [];
    for (const door of [1, 2, 3]) {
      const draft = chen.draft(doorId(door), { note: '同一时刻' });
      chen.nowMs = NOW + 5;
      ids.push((await chen.offline(() => chen.call('save_visit', draft))).visit);
    }
    expect(await Promise.all(ids.map((id) => visitMadeAtMs(CHEN.device, id)))).toEqual([NOW + 5, NOW + 6, NOW + 7]);
    await chen.exchange();
    expect(office.leanChanges).toBe(3);
    expect(ids.every((id) => office.documents.has(id))).toBe(true);
  });
});
