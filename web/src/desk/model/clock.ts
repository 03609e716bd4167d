// Whether a phone's clock is right, in words that can be said. Pure. Nothing is ever ordered by a phone's clock.

export type ClockState =
  | { kind: 'unknown' }
  | { kind: 'good' }
  | { kind: 'ahead' | 'behind'; count: number; unit: 'minutes' | 'hours' | 'days' };

const MINUTE_MS = 60_000;
/** Below this a clock is as right as people need it. */
const GOOD_MS = 2 * MINUTE_MS;

/** `error_ms` is phone time minus server time: positive when the phone is ahead. */
export function clockState(error_ms: number | undefined): ClockState {
  if (error_ms === undefined) return { kind: 'unknown' };
  const wrong = Math.abs(error_ms);
  if (wrong < GOOD_MS) return { kind: 'good' };
  const kind = error_ms > 0 ? 'ahead' : 'behind';
  const minutes = Math.round(wrong / MINUTE_MS);
  if (minutes < 120) return { kind, count: minutes, unit: 'minutes' };
  const hours = Math.round(minutes / 60);
  return hours < 48 ? { kind, count: hours, unit: 'hours' } : { kind, count: Math.round(hours / 24), unit: 'days' };
}
