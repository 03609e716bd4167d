// What people and places are called on the desk, and the order they are listed in. Pure.

import type { Id } from '../../bridge/types.ts';
import type { Directory, DoorPlace, Worker } from './answers.ts';

/** `3-2-501`, as it is said and written on the door plan. */
export function doorName(door: Pick<DoorPlace, 'building' | 'unit' | 'label'> | undefined): string {
  return door ? [door.building, door.unit, door.label].filter(Boolean).join('-') : '';
}

/** A worker's name; nothing while the directory is not here or does not know the person. */
export function personName(directory: Directory | undefined, id: Id | undefined): string | undefined {
  return directory?.workers.find((worker) => worker.id === id)?.name;
}

/** Workers in the order of their names, the only order they are ever shown in. */
export function inNameOrder<Named extends Pick<Worker, 'name'>>(workers: readonly Named[]): Named[] {
  return [...workers].sort((left, right) => left.name.localeCompare(right.name, 'zh-Hans'));
}

/** Building labels as people count them: 2 before 10, and A after 9. */
export function inBuildingOrder(labels: readonly string[]): string[] {
  return [...labels].sort((left, right) => left.localeCompare(right, 'zh-Hans', { numeric: true }));
}

/** What the history calls a change that wrote these paths: the name of each part it touched, once. */
export function partsOf(fields: readonly string[]): string[] {
  const parts = fields.map((field) => {
    if (field === 'door' || field === 'at' || field === 'by') return 'made';
    if (field.startsWith('review/')) return field === 'review/comment' ? field : 'review/state';
    const first = field.split('/')[0] ?? '';
    return ['note', 'outcome', 'purpose', 'checks', 'met'].includes(first) ? first : 'other';
  });
  // A change that makes the visit also fills its fields; saying so would say the same thing five times.
  return parts.includes('made') ? ['made'] : [...new Set(parts)];
}
