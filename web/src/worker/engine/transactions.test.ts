// What a step costs the phone's store. A cheap phone pays milliseconds for every transaction, so they are counted.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Office } from '../testing/office.ts';
import { Phone } from '../testing/phone.ts';
import { automerge } from '../testing/platform.ts';
import { CHEN, doorId, officeWithDoors } from '../testing/practice.ts';

const A = await automerge();
const original = IDBDatabase.prototype.transaction;
let office: Office;
let chen: Phone;
/** Every transaction since the last `counted`, as `mode durability: stores`. */
let seen: string[] = [];

/** What `body` cost. */
async function counted(body: () => Promise<unknown>): Promise<string[]> {
  seen = [];
  await body();
  return seen;
}

beforeEach(async () => {
  office = officeWithDoors(A, 4);
  chen = await Phone.enrol(office, CHEN);
  await chen.exchange();
  chen.network.online = false;
  IDBDatabase.prototype.transaction = function counting(this: IDBDatabase, ...given) {
    const [stores, mode = 'readonly', options] = given;
    seen.push(`${[mode, options?.durability].filter(Boolean).join(' ')}: ${[stores].flat().join(' ')}`);
    return original.apply(this, given);
  };
});

afterEach(() => {
  IDBDatabase.prototype.transaction = original;
});

describe('the phone', () => {
  it('opens to a building face with one transaction', async () => {
    const building = String((await chen.call('buildings'))[0]?.building);
    await chen.kill();
    const cost = await counted(async () => {
      await chen.start();
      const [who, face] = await Promise.all([chen.call('identity'), chen.call('building_face', { building })]);
      expect(who?.person.name).toBe('陈小满');
      expect(face.floors.flatMap((floor) => floor.doors)).toHaveLength(4);
    });
    // The exchange that begins at the same time looks at other things.
    expect(cost[0]).toBe('readonly: outbox settled drafts faces meta');
    expect(cost.slice(1).filter((each) => /faces|outbox/.test(each))).toEqual([]);
  });

  it('saves a visit with one look and one strict transaction', async () => {
    const cost = await counted(() => chen.call('save_visit', chen.draft(doorId(1), { note: '一切都好。' })));
    // What follows is the exchange that the save sets off.
    expect(cost.slice(0, 2)).toEqual(['readonly: saves documents', 'readwrite strict: documents faces feeds outbox saves drafts meta']);
    expect(cost.filter((each) => each.startsWith('readwrite'))).toHaveLength(1);
  });

  it('opens a door with one look', async () => {
    await chen.call('door_card', { door: doorId(2) });
    const cost = await counted(() => chen.call('door_card', { door: doorId(1) }));
    expect(cost).toEqual(['readonly: documents']);
  });

  it('tells its state with one look', async () => {
    await chen.call('status');
    expect(await counted(() => chen.call('status'))).toEqual(['readonly: documents chunks meta']);
  });
});
