// What the card of a door asks, asked ahead: as the finger comes down on the door, and while a visit there is being saved.

import { prepare } from '../../app/answers.ts';

export async function prepareDoor(door: string): Promise<void> {
  await Promise.all([prepare('door_card', { door }), prepare('draft', { key: `door/${door}` })]);
}
