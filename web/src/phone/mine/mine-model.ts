// What this phone holds and how it stands, in sentences. Pure.

import type { Mark, Refusal, Status } from '../../bridge/types.ts';
import type { Messages } from '../../app/i18n/index.ts';

/** A clock that is off by less is as right as anybody needs. */
const CLOCK_TOLERANCE_MS = 2 * 60_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The one large sentence. What the office refused is on this phone only, so all is not there. */
export function stateOf(status: Status, messages: Messages): { mark: Mark; sentence: string } {
  const words = messages.mine;
  if (status.waiting > 0) return { mark: status.exchanging ? 'sending' : 'on_phone', sentence: words.waiting(status.waiting) };
  const refused = status.held.filter((item) => item.status === 'refused').length;
  return refused > 0 ? { mark: 'refused', sentence: words.refused(refused) } : { mark: 'on_server', sentence: words.allThere };
}

/** Why the last exchange failed, where a person should know: being offline is ordinary. `asked`: they pressed the button. */
export function failureOf(status: Status, asked: boolean): Refusal | undefined {
  const error = status.last_error;
  if (asked || error?.code !== 'offline') return error;
  return status.online && status.waiting > 0 ? error : undefined;
}

/** How wrong the phone's clock is, or null when it is right enough or not known. `error` is server time minus phone time. */
export function clockSentence(error: number | undefined, messages: Messages): string | null {
  if (error === undefined || Math.abs(error) < CLOCK_TOLERANCE_MS) return null;
  const words = messages.mine;
  const size = Math.abs(error);
  const amount = size >= 2 * DAY_MS ? words.days(Math.round(size / DAY_MS))
    : size >= 2 * HOUR_MS ? words.hours(Math.round(size / HOUR_MS))
      : words.minutes(Math.round(size / MINUTE_MS));
  return words.clock(error < 0 ? words.clockFast(amount) : words.clockSlow(amount));
}

/** `3.4 MB`; below a tenth of a megabyte as kilobytes, and above a thousand as gigabytes. */
export function bytesText(bytes: number): string {
  if (bytes >= 1_000_000_000) return `${(bytes / 1_000_000_000).toFixed(1)} GB`;
  return bytes >= 100_000 ? `${(bytes / 1_000_000).toFixed(1)} MB` : `${Math.ceil(bytes / 1000)} kB`;
}

/** What the phone holds, with the space it takes and the space there is, when the browser tells. */
export function holdsSentence(status: Status, messages: Messages): string {
  const words = messages.mine;
  const { storage_used_bytes: used, storage_quota_bytes: quota } = status;
  const space = used === undefined ? '' : words.space(bytesText(used));
  const free = used === undefined || quota === undefined ? '' : words.free(bytesText(Math.max(0, quota - used)));
  return words.holds(status.doors, status.visits) + space + free + messages.app.sentenceEnd;
}

/** Which words help to put the app on the home screen; null when it is there already. */
export function installHint(
  surroundings: { installed: boolean; userAgent: string }, messages: Messages,
): string | null {
  if (surroundings.installed) return null;
  const words = messages.mine;
  if (/MicroMessenger/i.test(surroundings.userAgent)) return words.installWeChat;
  return /iPhone|iPad|iPod/.test(surroundings.userAgent) ? words.installIos : words.installHint;
}
