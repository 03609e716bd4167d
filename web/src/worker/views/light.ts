// Whether a window is lit: the door was seen within its interval. Pure; the time is an argument.

import type { Light } from '../../bridge/types.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** A household nobody worries about is seen twice a year, one with a care tag every month. */
export const INTERVAL_DAYS = 180;
export const CARE_INTERVAL_DAYS = 30;

/** The tags that ship and ask for care. A community's own tags do not shorten the interval by themselves. */
const CARE_TAGS = new Set(['empty_nest', 'left_behind_child', 'minor', 'disabled', 'aged', 'lives_alone']);
/** Outcomes after which the household counts as seen. An unknown one does not: better one visit too many. */
const SEEN = new Set(['met', 'no_need', 'has_matter', 'phone']);
/** A phone's clock may be wrong; a visit from further in the future than this lights no window. */
const FUTURE_MS_MAX = DAY_MS;

export interface Plan { interval_days?: number; purpose?: string; tags: readonly string[]; last_seen_at?: number }

export function countsAsSeen(outcome: string | undefined): boolean {
  return outcome !== undefined && SEEN.has(outcome);
}

export function isPlausible(atMs: number, nowMs: number): boolean {
  return atMs <= nowMs + FUTURE_MS_MAX;
}

export function needsCare(plan: Plan): boolean {
  return plan.purpose === 'care' || plan.tags.some((tag) => CARE_TAGS.has(tag));
}

export function intervalDays(plan: Plan): number {
  return plan.interval_days ?? (needsCare(plan) ? CARE_INTERVAL_DAYS : INTERVAL_DAYS);
}

/** When the door is due next; undefined when it was never seen. */
export function dueAt(plan: Plan): number | undefined {
  return plan.last_seen_at === undefined ? undefined : plan.last_seen_at + intervalDays(plan) * DAY_MS;
}

export function lightOf(plan: Plan, nowMs: number): Light {
  const due = dueAt(plan);
  if (due === undefined) return 'dark';
  return nowMs < due ? 'lit' : 'due';
}

/** Whole days until then, negative when past. */
export function daysLeft(dueAtMs: number, nowMs: number): number {
  return Math.floor((dueAtMs - nowMs) / DAY_MS);
}
