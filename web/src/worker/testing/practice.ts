// A stairway and two people to try phones with. All invented.

import { createHash } from 'node:crypto';
import { actorOf, copy, idFromBytes, idToBytes, type Bytes } from '../bytes.ts';
import { genesisOf } from '../documents/genesis.ts';
import type { Automerge, Content } from '../documents/library.ts';
import type { Account } from './held.ts';
import { Office } from './office.ts';
import { COMMUNITY, GRID } from './phone.ts';

export const CHEN: Account = {
  device: 'd0000000-0000-4000-8000-00000000000a', person: 'e0000000-0000-4000-8000-00000000000a', name: '陈小满',
  role: 'grid_worker', feeds: [COMMUNITY, GRID],
};
export const LIN: Account = {
  device: 'd0000000-0000-4000-8000-00000000000b', person: 'e0000000-0000-4000-8000-00000000000b', name: '林秋实',
  role: 'grid_worker', feeds: [COMMUNITY, GRID],
};
export const ZHOU: Account = {
  device: 'd0000000-0000-4000-8000-00000000000c', person: 'e0000000-0000-4000-8000-00000000000c', name: '周明月',
  role: 'community_supervisor', feeds: [COMMUNITY, GRID],
};
const BUILDING = '3';
const OFFICE_DEVICE = 'd0000000-0000-4000-8000-0000000000ff';

/** Where a door is: four to a floor, two to a stairway. */
function placeOf(number: number): { unit: string; floor: number; label: string } {
  const floor = Math.ceil(number / 4);
  return { unit: number % 4 < 2 ? '1' : '2', floor, label: `${floor}0${((number - 1) % 4) + 1}` };
}

export function doorId(number: number): string {
  const { unit, label } = placeOf(number);
  return namedId(COMMUNITY, `door/${BUILDING}/${unit}/${label}`);
}

export function residentId(number: number): string {
  return namedId(doorId(number), `person/住户${number}`);
}

/** The UUIDv5 of a name, made apart from the phone's own. */
function namedId(namespace: string, name: string): string {
  const hash = createHash('sha1').update(idToBytes(namespace)).update(name).digest().subarray(0, 16);
  hash[6] = 0x50 | ((hash[6] ?? 0) & 0x0f);
  hash[8] = 0x80 | ((hash[8] ?? 0) & 0x3f);
  return idFromBytes(hash);
}

/** An office with a community and so many doors, four to a floor. */
export function officeWithDoors(automerge: Automerge, doors: number): Office {
  const office = new Office(automerge);
  office.put(COMMUNITY, 'community', COMMUNITY, OFFICE_DEVICE, community(automerge));
  for (let number = 1; number <= doors; number++) {
    office.put(doorId(number), 'door', GRID, OFFICE_DEVICE, door(automerge, number));
  }
  return office;
}

function community(automerge: Automerge): Bytes {
  return firstChange(automerge, 'community', (content) => {
    content['name'] = text(automerge, '蓝湖小区');
    const outcomes = (content['lists'] as Record<string, Content>)['outcomes'] as Content;
    outcomes['met'] = { zh: text(automerge, '见面'), order: 1 };
    outcomes['no_answer'] = { zh: text(automerge, '未遇'), order: 2 };
  });
}

function door(automerge: Automerge, number: number): Bytes {
  const { unit, floor, label } = placeOf(number);
  return firstChange(automerge, 'door', (content) => {
    content['community'] = text(automerge, COMMUNITY);
    content['grid'] = text(automerge, GRID);
    content['building'] = text(automerge, BUILDING);
    content['unit'] = text(automerge, unit);
    content['floor'] = floor;
    content['label'] = text(automerge, label);
    (content['persons'] as Content)[residentId(number)] =
      { name: text(automerge, `住户${number}`), tags: number % 2 === 0 ? { aged: true } : {} };
  });
}

function firstChange(automerge: Automerge, kind: string, write: (content: Content) => void): Bytes {
  const genesis = genesisOf(kind);
  const empty = automerge.load<Content>(genesis?.bytes ?? new Uint8Array(), actorOf(OFFICE_DEVICE, 0));
  const filled = automerge.change(empty, { time: 1 }, write);
  return copy(automerge.getChangesSince(filled, automerge.getHeads(empty))[0] ?? automerge.getLastLocalChange(filled) ?? new Uint8Array());
}

function text(automerge: Automerge, value: string): unknown {
  return new automerge.ImmutableString(value);
}
