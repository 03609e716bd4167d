// A door's address in words. Pure.

import type { DoorAddress } from '../bridge/types.ts';
import type { Messages } from '../app/i18n/index.ts';

/** As colleagues say it: `3-2-501`. */
export function shortAddress(door: DoorAddress): string {
  return [door.building, door.unit, door.label].filter(Boolean).join('-');
}

/** Where the door is, without its own number: `3 栋 2 单元 5 层`. */
export function placeOf(door: DoorAddress, messages: Messages): string {
  const words = messages.address;
  const parts = [words.building(door.building), door.unit ? words.unit(door.unit) : '', words.floor(door.floor)];
  return parts.filter(Boolean).join(' ');
}

export function buildingPath(building: string): string {
  return `/b/${encodeURIComponent(building)}`;
}
