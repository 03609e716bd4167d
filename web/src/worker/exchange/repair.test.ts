// The digests say whether phone and office hold the same. When they do not, one trip finds out where.

import { beforeEach, describe, expect, it } from 'vitest';
import { copy } from '../bytes.ts';
import type { Frame } from './frames.ts';
import type { Answer } from '../testing/wire-server.ts';
import type { Office } from '../testing/office.ts';
import { Colleague } from '../testing/colleague.ts';
import { GRID, Phone } from '../testing/phone.ts';
import { automerge } from '../testing/platform.ts';
import { CHEN, doorId, LIN, officeWithDoors } from '../testing/practice.ts';

const A = await automerge();
let office: Office;
let chen: Phone;

beforeEach(async () => {
  office = officeWithDoors(A, 6);
  chen = await Phone.enrol(office, CHEN);
  await chen.exchange();
});

function helloFeed(frames: Frame[] | undefined, feed: string) {
  const [hello] = frames ?? [];
  return hello?.frame === 'hello' ? hello.feeds.find((it) => it.feed === feed) : undefined;
}

/** The documents that an answer tells of. */
function told(answer: Answer[] | undefined): string[] {
  return (answer ?? []).flatMap((frame) => {
    if (frame.frame === 'rows') return frame.rows.map((row) => row.document);
    return frame.frame === 'news' || frame.frame === 'document' ? [frame.document] : [];
  });
}

/** A change reaches the office in a way that no cursor tells of. */
async function slipIn(): Promise<string> {
  const lin = await Phone.enrol(office, LIN);
  await lin.exchange();
  const { visit } = await lin.call('save_visit', lin.draft(doorId(5), { note: '五户' }));
  await lin.exchange();
  const held = office.documents.get(visit);
  for (const change of held?.changes ?? []) change.seq = 1;
  return visit;
}

describe('a difference that the cursor does not tell of', () => {
  it('is found by the digest and mended in one more trip, which says only what differs', async () => {
    const visit = await slipIn();
    const before = office.requests.length;
    await chen.exchange();
    const asked = office.requests.slice(before).map((frames) => helloFeed(frames, GRID));
    expect(asked.map((feed) => feed?.cursor)).toEqual([6, 7, 7]);
    expect(office.requests.at(-1)?.map((frame) => frame.frame)).toEqual(['hello', 'compare']);
    expect(told(office.answers.at(-1))).toEqual([visit]);
    expect((await chen.call('door_card', { door: doorId(5) }))?.visits.map((row) => row.id)).toEqual([visit]);
    expect(await chen.feedIsEqual(GRID)).toBe(true);
  });

  it('is not chased again and again when it cannot be mended', async () => {
    office.digest = async () => 1n;
    await chen.exchange();
    const before = office.requests.length;
    await chen.exchange();
    expect(office.requests.length).toBe(before + 1);
  });
});

/** What the office has of a document moved on, and no place in the feed tells of it. */
function hide(document: string): void {
  const changes = office.documents.get(document)?.changes ?? [];
  for (const change of changes) change.seq = changes[0]?.seq ?? 0;
}

/** The requests of the next exchange, and what the last answer told of. */
async function repair(): Promise<{ trips: number; told: string[]; wanted: string[] }> {
  const before = office.requests.length;
  await chen.exchange();
  const asked = office.requests.slice(before);
  const compared = office.answers.slice(before).filter((answer) => answer.some((frame) => frame.frame === 'compared'));
  const wanted = asked.flat().flatMap((frame) => (frame.frame === 'want' ? [frame.document] : []));
  return { trips: asked.length, told: compared.flatMap(told), wanted };
}

/** The walk, a second look, and one trip more. */
const REPAIRED = 3;

describe('one trip more', () => {
  let colleague: Colleague;

  beforeEach(() => {
    colleague = new Colleague(A, office, LIN);
  });

  it('mends a row that changed, and tells of no other', async () => {
    const visit = await colleague.visit(doorId(2), '二户');
    for (let number = 1; number <= 6; number++) await colleague.visit(doorId(number), '一访');
    chen = await Phone.enrol(office, CHEN);
    await chen.exchange();
    colleague.edit(visit, '二户，再访');
    hide(visit);
    expect(await repair()).toEqual({ trips: REPAIRED, told: [visit], wanted: [] });
    expect((await chen.call('door_card', { door: doorId(2) }))?.visits.map((row) => row.note)).toContain('二户，再访');
    expect(await chen.feedIsEqual(GRID)).toBe(true);
  });

  it('forgets a row that the office has no more, with no word about the others', async () => {
    office.documents.delete(doorId(6));
    expect(await repair()).toEqual({ trips: REPAIRED, told: [], wanted: [] });
    expect((await chen.call('buildings'))[0]?.doors).toBe(5);
    expect(await chen.feedIsEqual(GRID)).toBe(true);
  });

  it('fills the gap in a document that is here whole', async () => {
    const { visit } = await chen.offline(() => chen.call('save_visit', chen.draft(doorId(1), { note: '一户' })));
    await chen.exchange();
    colleague.edit(visit, '一户，再访');
    hide(visit);
    expect(await repair()).toEqual({ trips: REPAIRED, told: [visit], wanted: [] });
    expect(await chen.call('visit', { visit })).toMatchObject({ whole: true, note: '一户，再访' });
    expect(await chen.feedIsEqual(GRID)).toBe(true);
  });

  it('brings the row of what was opened from the past, and a second the document itself', async () => {
    const visit = await colleague.visit(doorId(2), '二户');
    chen = await Phone.enrol(office, CHEN);
    await chen.exchange();
    await chen.call('visit', { visit });
    colleague.edit(visit, '二户，再访');
    hide(visit);
    expect(await repair()).toEqual({ trips: REPAIRED + 1, told: [visit], wanted: [visit] });
    expect(await chen.call('visit', { visit })).toMatchObject({ whole: true, note: '二户，再访' });
    expect(await chen.feedIsEqual(GRID)).toBe(true);
  });

  it('never forgets what holds unsent words', async () => {
    const { visit } = await chen.offline(() => chen.call('save_visit', chen.draft(doorId(1), { note: '一户' })));
    await chen.exchange();
    await chen.offline(() => chen.call('save_visit', chen.draft(doorId(1), { visit, note: '一户，还没送' })));
    office.judge = () => ({ status: 'refused', reason: 'tray_full' });
    office.documents.delete(visit);
    await repair();
    expect((await chen.call('my_visits', { limit: 1 }))[0]).toMatchObject({ note: '一户，还没送', mark: 'refused' });
  });

  it('waits while a change is under way that the sums would not know of', async () => {
    office.documents.delete(doorId(6));
    await chen.exchange();
    chen.nowMs += 2 * 60 * 60 * 1000;
    office.documents.delete(doorId(5));
    await chen.offline(() => chen.call('save_visit', chen.draft(doorId(1), { note: '一户' })));
    const before = office.requests.length;
    await chen.exchange();
    for (const frames of office.requests.slice(before)) {
      const kinds = new Set<string>(frames.map((frame) => frame.frame));
      expect(kinds.has('compare') && kinds.has('change')).toBe(false);
    }
    expect((await chen.call('buildings'))[0]?.doors).toBe(4);
  });

  it('that was cut comes again, and mends all the same', async () => {
    const visit = await slipIn();
    await chen.offline(async () => undefined);
    let requests = 0;
    chen.network.beforeAnswer = async () => {
      if (++requests === REPAIRED) chen.network.cutAfter = 30;
    };
    await chen.exchange();
    expect((await chen.call('status')).last_error?.code).toBe('offline');
    chen.network.beforeAnswer = undefined;
    chen.network.cutAfter = undefined;
    expect((await repair()).told).toEqual([visit]);
    expect(await chen.feedIsEqual(GRID)).toBe(true);
  });
});

describe('a document the phone holds whole and the office has newer', () => {
  it('is asked for by name after a walk of rows only in version 1', async () => {
    office.speaks = 1;
    await chen.kill();
    await chen.start();

    const { visit } = await chen.call('save_visit', chen.draft(doorId(1), { note: '一户' }));
    await chen.exchange();
    const lin = await Phone.enrol(office, LIN);
    await lin.exchange();
    await lin.call('visit', { visit });
    await lin.call('save_visit', lin.draft(doorId(1), { visit, note: '一户，再访' }));
    await lin.exchange();
    for (const change of office.documents.get(visit)?.changes ?? []) change.seq = 1;
    await chen.exchange();
    const wants = office.requests.flat().flatMap((frame) => (frame.frame === 'want' ? [frame.document] : []));
    expect(wants).toContain(visit);
    expect((await chen.call('visit', { visit }))?.note).toBe('一户，再访');
  });
});

describe('an answer that leaves out a change its row tells of', () => {
  it('is noticed by the heads and the document asked for by name at once', async () => {
    const { visit } = await chen.call('save_visit', chen.draft(doorId(1), { note: '一户' }));
    await chen.exchange();
    const lin = await Phone.enrol(office, LIN);
    await lin.exchange();
    const heads = (await lin.call('visit', { visit }))?.heads;
    await lin.call('save_visit', lin.draft(doorId(1), { visit, base_heads: heads, note: '一户，再访' }));
    await lin.exchange();
    await lin.call('save_visit', lin.draft(doorId(1), { visit, base_heads: heads, note: '一户，再访', outcome: 'phone' }));
    await lin.exchange();
    office.leftOut = office.documents.get(visit)?.changes[2]?.hash;
    await chen.exchange();
    expect(await chen.call('visit', { visit })).toMatchObject({ note: '一户，再访', outcome: 'phone' });
    expect(office.requests.at(-1)).toContainEqual({ frame: 'want', document: visit });
  });
});

describe('a door that moved to another grid', () => {
  it('leaves the phone when its feed is walked again', async () => {
    office.documents.delete(doorId(6));
    await chen.exchange();
    expect((await chen.call('buildings'))[0]?.doors).toBe(5);
    expect(await chen.call('door_card', { door: doorId(6) })).toBeNull();
  });
});

describe('a feed that is taken from a person', () => {
  it('takes its rows with it, but not what was written and not sent', async () => {
    await chen.offline(() => chen.call('save_visit', chen.draft(doorId(1), { note: '还没送' })));
    office.judge = () => ({ status: 'held', reason: 'feed_not_yours' });
    office.enrol(CHEN.device, { ...CHEN, feeds: [] });
    await chen.exchange();
    expect(await chen.call('buildings')).toEqual([]);
    expect((await chen.call('my_visits', { limit: 9 })).map((row) => [row.note, row.mark])).toEqual([['还没送', 'held']]);
  });
});

describe('a document of a kind this version does not know', () => {
  it('is carried and holds up nothing', async () => {
    const matter = A.change(A.init<Record<string, unknown>>(), (content) => {
      content['kind'] = new A.ImmutableString('matter');
    });
    office.put('b0000000-0000-4000-8000-000000000001', 'matter', GRID, LIN.device, copy(A.getAllChanges(matter)[0] ?? new Uint8Array()));
    await chen.exchange();
    expect(await chen.call('status')).toMatchObject({ doors: 6, visits: 0, last_error: undefined });
    expect(await chen.feedIsEqual(GRID)).toBe(true);
  });
});
