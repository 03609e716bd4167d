// How long a phone has not been heard from. Pure. The same bounds as the numbers of the server.

import type { TimeMs } from '../../bridge/types.ts';

/** `heard` today, `unheard` today but lately, `silent` for days, `never` since it was enrolled. */
export type PhoneState = 'heard' | 'unheard' | 'silent' | 'never';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The office's day begins at midnight in China, wherever the reader is. */
const OFFICE_OFFSET_MS = 8 * HOUR_MS;
const SILENT_MS = 3 * DAY_MS;

export function phoneState(last_exchange_at: TimeMs | undefined, as_of: TimeMs): PhoneState {
  if (last_exchange_at === undefined) return 'never';
  if (as_of - last_exchange_at >= SILENT_MS) return 'silent';
  const midnight = Math.floor((as_of + OFFICE_OFFSET_MS) / DAY_MS) * DAY_MS - OFFICE_OFFSET_MS;
  return last_exchange_at < midnight ? 'unheard' : 'heard';
}
