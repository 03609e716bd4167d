// What a phone tells its pages to keep of its unsent work. It is sealed beside the work, so a test waits for it.

import type { Witness } from '../../bridge/types.ts';
import type { Phone } from './phone.ts';

/** What a phone last told its pages to keep, once it is as a test wants it. */
export async function witness(phone: Phone, wanted: (witness: Witness | null) => boolean): Promise<Witness | null> {
  for (;;) {
    const told = phone.events.flatMap((event) => (event.event === 'witness' ? [event.witness] : [])).at(-1);
    if (told !== undefined && wanted(told)) return told;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
