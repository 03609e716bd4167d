// An app that is newer than the program, and what the app stored before it was renewed.

import { beforeEach, describe, expect, it } from 'vitest';
import type { FeedRow } from '../store/rows.ts';
import { Colleague } from '../testing/colleague.ts';
import type { Office } from '../testing/office.ts';
import { GRID, Phone } from '../testing/phone.ts';
import { automerge } from '../testing/platform.ts';
import { CHEN, doorId, LIN, officeWithDoors } from '../testing/practice.ts';
import { helloFeed, moveByNewest, moveByStart } from './feeds.ts';
import { HISTORY_ALL } from './frames.ts';

const A = await automerge();
let office: Office;
let chen: Phone;

beforeEach(async () => {
  office = officeWithDoors(A, 6);
  chen = await Phone.enrol(office, CHEN);
});

function versions(from = 0): number[] {
  return office.requests.slice(from).flatMap(([hello]) => (hello?.frame === 'hello' ? [hello.version] : []));
}

describe('a program that is older than the app', () => {
  beforeEach(() => {
    office.speaks = 1;
  });

  it('is spoken to in its own version, at once and for as long as the app runs', async () => {
    await chen.exchange();
    const { visit } = await chen.call('save_visit', chen.draft(doorId(1), { note: '一户' }));
    await chen.settled();
    expect(new Set(versions())).toEqual(new Set([1]));
    expect(office.documents.get(visit)?.changes).toHaveLength(1);
    expect((await chen.call('my_visits', { limit: 9 })).map((row) => row.mark)).toEqual(['on_server']);
    expect(await chen.call('status')).toMatchObject({ doors: 6, last_error: undefined });
    expect(office.refused).toBe(1);
    expect(await chen.feedIsEqual(GRID)).toBe(true);
  });

  it('that is renewed meanwhile is spoken to in the new version when the app starts again', async () => {
    await chen.exchange();
    await chen.call('save_visit', chen.draft(doorId(1), { note: '一户' }));
    await chen.settled();
    office.speaks = 2;
    await chen.kill();
    await chen.start();
    const colleague = new Colleague(A, office, LIN);
    await colleague.visit(doorId(2), '二户');
    const asked = office.requests.length;
    await chen.exchange();
    expect(new Set(versions(asked))).toEqual(new Set([2]));
    expect(await chen.call('status')).toMatchObject({ doors: 6, visits: 2, waiting: 0 });
    expect(await chen.feedIsEqual(GRID)).toBe(true);
  });

  it('sends a walk of rows only after a difference, and what that does not list is forgotten', async () => {
    await chen.exchange();
    office.documents.delete(doorId(6));
    const asked = office.requests.length;
    await chen.exchange();
    const walks = office.requests.slice(asked).map(([hello]) => (hello?.frame === 'hello' ? hello.feeds.find((it) => it.feed === GRID) : undefined));
    expect(walks.map((feed) => feed?.cursor)).toEqual([6, 6, 0, 6]);
    expect(walks[2]?.history).toBe(HISTORY_ALL);
    expect((await chen.call('buildings'))[0]?.doors).toBe(5);
  });
});

describe('a first walk that an older version had begun', () => {
  it('goes on in the new version: everything comes, and what was written goes', async () => {
    const colleague = new Colleague(A, office, LIN);
    for (let number = 1; number <= 6; number++) await colleague.visit(doorId(number), `往日${number}`);
    office.speaks = 1;
    chen.network.cutAfter = 2600;
    await chen.exchange();
    const begun = await chen.call('status');
    expect([begun.doors > 0, begun.doors + begun.visits < 12]).toEqual([true, true]);
    const { visit } = await chen.offline(() => chen.call('save_visit', chen.draft(doorId(1), { note: '还没送' })));

    chen.network.cutAfter = undefined;
    office.speaks = 2;
    await chen.kill();
    await chen.start();
    await chen.exchange();
    expect(await chen.call('status')).toMatchObject({ doors: 6, visits: 7, waiting: 0 });
    expect(office.documents.get(visit)?.changes).toHaveLength(1);
    expect(await chen.feedIsEqual(GRID)).toBe(true);
  });
});

describe('a feed as an older version kept it', () => {
  const row: FeedRow = { feed: GRID, cursor: 0, history: null, sum: 0x1_0000_0005n, walk: 0, suspect: false };

  it.each<[string, FeedRow, object]>([
    ['that was never answered begins', row, { cursor: 0, history: 0n, past: [0, 0] }],
    ['that was cut before it was told where the feed stands begins again', { ...row, cursor: 4 }, { cursor: 0, history: 0n, complete: 0, past: [0, 0] }],
    ['in the middle of its first walk lists the history again', { ...row, cursor: 4, history: 9 }, { cursor: 4, history: 9n, past: [0, 0] }],
    ['in full goes on', { ...row, cursor: 9, history: 9, complete: 9 }, { cursor: 9, history: 9n, complete: 9, past: null }],
    ['that was empty is in full from its first place on', { ...row, cursor: 1, history: 0 }, { cursor: 1, history: 1n, past: null }],
    ['in the middle of a repeated walk goes on where it was', { ...row, cursor: 12, history: 9, complete: 12, again: { cursor: 3 } }, { cursor: 12, history: 9n, complete: 12, past: null }],
  ])('%s', (_claim, feed, hello) => {
    expect(helloFeed(feed, 2)).toMatchObject(hello);
  });

  it('moves along the history by rows, and by news behind it', () => {
    const begun = moveByStart({ ...row, cursor: 4 }, 9);
    expect(begun).toMatchObject({ cursor: 0, history: 9 });
    const doors = moveByNewest(begun, [{ feed: GRID, kind: 'door', seq: 2 }, { feed: GRID, kind: 'door', seq: 6 }]);
    expect(doors).toMatchObject({ cursor: 0, past: [0, 6] });
    const visits = moveByNewest(doors, [{ feed: GRID, kind: 'visit', seq: 9 }, { feed: GRID, kind: 'visit', seq: 7 }]);
    expect(helloFeed(visits, 2)).toMatchObject({ cursor: 0, past: [1, 7] });
    expect(helloFeed(moveByNewest(visits, [{ feed: GRID, kind: 'visit', seq: 11 }]), 2)).toMatchObject({ cursor: 11, past: null });
    expect(moveByNewest(visits, [{ feed: 'another', kind: 'visit', seq: 5 }, { feed: GRID, kind: 'visit', seq: 0 }])).toBe(visits);
  });
});
