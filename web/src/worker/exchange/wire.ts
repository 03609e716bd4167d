// The frames of one exchange as a pack, in the version that both sides speak.

import type { Bytes } from '../bytes.ts';
import type { Frame, Shared } from './frames.ts';
import { writePack } from './pack.ts';
import { frameOf, itemsOf } from './wire-one.ts';
import { framesOf, itemsOfRequest, type DoorOf } from './wire-two.ts';

export async function writeRequest(frames: readonly Frame[], shared: Shared, doorOf: DoorOf): Promise<Bytes> {
  return writePack(shared.version === 1 ? frames.map(itemsOf) : await itemsOfRequest(frames, shared, doorOf));
}

/** What a frame of the response says. Throws on items that say nothing. */
export async function readResponse(items: readonly unknown[], shared: Shared): Promise<Frame[]> {
  if (shared.version === 2) return framesOf(items, shared);
  const frame = frameOf(items);
  return frame ? [frame] : [];
}
