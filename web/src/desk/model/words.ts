// From codes to words: what the community's lists call a purpose, an outcome, a tag, and who a person is. Pure.

import type { Id, ListEntry } from '../../bridge/types';
import type { Directory, DoorPlace, Worker } from './answers';

export type Language = 'zh' | 'en';

/** The list's word for a code. A code that no list knows is shown as it stands. */
export function wordOf(list: readonly ListEntry[], code: string | undefined, language: Language): string {
  if (code === undefined || code === '') return '';
  const entry = list.find((each) => each.code === code);
  if (!entry) return code;
  return language === 'en' ? entry.en ?? entry.zh : entry.zh;
}

/** `3-2-501`, as it is said and written on the door plan. */
export function doorName(door: DoorPlace | undefined): string {
  return door ? [door.building, door.unit, door.label].filter(Boolean).join('-') : '';
}

export function personName(directory: Directory, id: Id | undefined): string | undefined {
  return id === undefined ? undefined : directory.workers.find((worker) => worker.id === id)?.name;
}

/** Workers in the order of their names, the only order they are ever shown in. */
export function inNameOrder<Named extends Pick<Worker, 'name'>>(workers: readonly Named[]): Named[] {
  return [...workers].sort((left, right) => left.name.localeCompare(right.name, 'zh-Hans'));
}

/** Building labels as people count them: 2 before 10, and A after 9. */
export function inBuildingOrder(labels: readonly string[]): string[] {
  return [...labels].sort((left, right) => left.localeCompare(right, 'zh-Hans', { numeric: true }));
}

/** The code list that a field's values come from, by the field's path in the document. */
export function listOfPath(directory: Directory, path: string): ListEntry[] {
  if (path === 'purpose') return directory.purposes;
  if (path === 'outcome') return directory.outcomes;
  return [];
}
