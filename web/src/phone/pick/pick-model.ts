// Finding a door by what a person types of its address. Pure.

import type { DoorAddress } from '../../bridge/types.ts';
import { shortAddress } from '../address.ts';

/** Digits and letters only, full-width ones made plain: `3栋2单元501` and `３－２－５０１` are both `3 2 501`. */
function partsOf(text: string): string[] {
  const plain = text.replace(/[０-９ａ-ｚＡ-Ｚ]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0)).toLowerCase();
  return plain.split(/[^0-9a-z]+/).filter(Boolean);
}

/**
 * Doors that fit, best first: the last part typed begins the door's number, and parts before it are its
 * building and unit. One part alone may also be the whole address without separators, `32501`.
 */
export function doorsLike<Door extends DoorAddress>(doors: readonly Door[], typed: string): Door[] {
  const parts = partsOf(typed);
  const label = parts.at(-1);
  if (label === undefined) return [];
  const before = parts.slice(0, -1);
  const fits = doors.filter((door) => {
    const address = [door.building, door.unit].map((part) => partsOf(part).join(''));
    const whole = partsOf(shortAddress(door)).join('');
    const place = before.length === 0 || (before.length === 1 ? address.includes(before[0] ?? '') : before.every((part, index) => part === address[index]));
    return (place && partsOf(door.label).join('').startsWith(label)) || (before.length === 0 && whole.startsWith(label) && label.length > 3);
  });
  return fits.sort((one, other) => Number(other.label.toLowerCase() === label) - Number(one.label.toLowerCase() === label));
}
