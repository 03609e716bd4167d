// The names that the ids of a door and its residents were made from, as far as the door's row knows them.
// A name counts only when it makes the very id: an imported door may have been renamed since.

import { doorId, residentId } from '../ids.ts';
import type { DocumentRow, OutboxRow } from '../store/rows.ts';
import type { ResidentSummary } from '../summary.ts';
import type { DoorNames } from './lean.ts';

/** The doors that the changes of one request speak of. */
export class DoorIndex {
  readonly #community: string;
  readonly #rows: ReadonlyMap<string, DocumentRow>;
  readonly #doors: ReadonlyMap<string, string>;
  readonly #names = new Map<string, Promise<DoorNames | undefined>>();

  constructor(community: string, sent: readonly OutboxRow[], rows: ReadonlyMap<string, DocumentRow>) {
    this.#community = community;
    this.#rows = rows;
    this.#doors = new Map(sent.flatMap((row) => (row.door === undefined ? [] : [[row.document, row.door]])));
  }

  /** The door at which this visit was made. */
  of(document: string): Promise<DoorNames | undefined> {
    const door = this.#doors.get(document) ?? '';
    const names = this.#names.get(door) ?? doorNames(this.#community, this.#rows.get(door));
    this.#names.set(door, names);
    return names;
  }
}

/** Undefined when this door's id was not made from what its row says. */
export async function doorNames(community: string, row: Pick<DocumentRow, 'id' | 'summary'> | undefined): Promise<DoorNames | undefined> {
  if (row?.summary?.kind !== 'door') return undefined;
  const { building, unit, label, persons = [] } = row.summary;
  const name = [building, unit, label].map((part) => part ?? '').join('/');
  if ((await doorId(community, name)) !== row.id) return undefined;
  return { id: row.id, name, resident: (id) => residentName(row.id, persons, id) };
}

async function residentName(door: string, persons: readonly ResidentSummary[], id: string): Promise<string | undefined> {
  const name = persons.find((person) => person.id === id)?.name;
  if (name === undefined) return undefined;
  // The n-th of one name has its number behind it; who is which, only the id tells.
  const namesakes = persons.filter((person) => person.name === name).length;
  for (let nth = 1; nth <= namesakes; nth++) {
    const tried = nth === 1 ? name : `${name}/${nth}`;
    if ((await residentId(door, tried)) === id) return tried;
  }
  return undefined;
}
