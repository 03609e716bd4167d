// A stairway and two people to try phones with. All invented.

import { actorOf, copy, type Bytes } from '../bytes.ts';
import { genesisOf } from '../documents/genesis.ts';
import type { Automerge, Content } from '../documents/library.ts';
import { Office, type Account } from './office.ts';
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
const OFFICE_DEVICE = 'd0000000-0000-4000-8000-0000000000ff';

export function doorId(number: number): string {
  return `f0000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
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
  const floor = Math.ceil(number / 4);
  return firstChange(automerge, 'door', (content) => {
    content['community'] = text(automerge, COMMUNITY);
    content['grid'] = text(automerge, GRID);
    content['building'] = text(automerge, '3');
    content['unit'] = text(automerge, number % 4 < 2 ? '1' : '2');
    content['floor'] = floor;
    content['label'] = text(automerge, `${floor}0${((number - 1) % 4) + 1}`);
    (content['persons'] as Content)[`a0000000-0000-4000-8000-${String(number).padStart(12, '0')}`] =
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
