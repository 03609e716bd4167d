import { expect, it } from 'vitest';
import { whatIsSet } from './tray.ts';

const door = { id: 'door-1', building: '3', unit: '2', label: '501' };
const person = { id: 'person-1', name: '陈小满' };

it('says again neither the door nor the person of the heading, and counts who was met', () => {
  const fields = { door: 'door-1', by: 'person-1', outcome: 'met', 'met/a': 'true', 'met/b': 'true' };
  expect(whatIsSet({ fields, door, person })).toEqual({ set: [['outcome', 'met']], met: 2 });
});

const others: [name: string, fields: Record<string, string>][] = [
  ['a visit that is moved to another door', { door: 'door-2' }],
  ['a visit in somebody else’s name', { by: 'person-2' }],
  ['a review in somebody else’s name', { 'review/by': 'person-2' }],
  ['what is deleted', { door: '' }],
  ['somebody who is said not to have been met', { 'met/a': 'false' }],
];
it.each(others)('leaves to be read: %s', (_name, fields) => {
  expect(whatIsSet({ fields, door, person }).set).toEqual(Object.entries(fields));
});

it('has nothing of an entry from before fields were kept', () => {
  expect(whatIsSet({ door, person })).toEqual({ set: [], met: 0 });
});
