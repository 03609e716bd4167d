// Times in the words of the page. Pure: what time it is now is an argument, in milliseconds since 1970.

import type { Messages } from './i18n/index.ts';

const DAY_MS = 86_400_000;

/** Whole calendar days from `from` to `to` in this phone's own time zone; negative when `to` is earlier. */
export function daysBetween(from: number, to: number): number {
  const start = new Date(from).setHours(0, 0, 0, 0);
  const end = new Date(to).setHours(0, 0, 0, 0);
  // Rounded, because a day with a change of summer time has 23 or 25 hours.
  return Math.round((end - start) / DAY_MS);
}

/** The furthest moment that has a date: a clock may say anything. */
const MOMENT_MAX = 8_640_000_000_000_000;

/** The moment as machines read it. */
export function isoText(at: number): string {
  return new Date(Math.min(Math.max(at, -MOMENT_MAX), MOMENT_MAX)).toISOString();
}

/** `14:05`. Written here and in the message tables: what the browser brings for it takes it longer than a whole page. */
export function clockText(at: number): string {
  const moment = new Date(at);
  return [moment.getHours(), moment.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':');
}

/** `11月3日`, with the year when it is another year than now. */
export function dateText(at: number, now: number, messages: Messages): string {
  const moment = new Date(at);
  const year = moment.getFullYear();
  const isThisYear = year === new Date(now).getFullYear();
  return messages.time.date(moment.getMonth() + 1, moment.getDate(), isThisYear ? undefined : year);
}

/** `今天 14:05`, `昨天 09:30`, `11月3日 14:05`, `2024年11月3日 14:05`. */
export function momentText(at: number, now: number, messages: Messages): string {
  const days = daysBetween(at, now);
  const day = days === 0 ? messages.time.today : days === 1 ? messages.time.yesterday : dateText(at, now, messages);
  return `${day} ${clockText(at)}`;
}

/** How long ago, in days: `今天`, `昨天`, `12 天前`. A moment in the future (a wrong clock) is given as its date. */
export function agoText(at: number, now: number, messages: Messages): string {
  const days = daysBetween(at, now);
  if (days === 0) return messages.time.today;
  if (days === 1) return messages.time.yesterday;
  return days > 1 ? messages.time.daysAgo(days) : dateText(at, now, messages);
}

/** How long ago, finer: `刚才`, `5 分钟前`, then as a moment. */
export function recentText(at: number, now: number, messages: Messages): string {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 0 || minutes >= 60) return momentText(at, now, messages);
  return minutes < 1 ? messages.time.justNow : messages.time.minutesAgo(minutes);
}

/** `还剩 2 天`, `今天该去`, `已过 3 天`; never seen says so. */
export function dueText(daysLeft: number | undefined, messages: Messages): string {
  if (daysLeft === undefined) return messages.time.never;
  return daysLeft < 0 ? messages.time.daysOver(-daysLeft) : messages.time.daysLeft(daysLeft);
}
