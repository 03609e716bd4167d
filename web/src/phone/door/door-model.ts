// What the card of a door says at a glance. Pure.

import type { DoorCard, Resident, VisitRow } from '../../bridge/types.ts';
import type { Messages } from '../../app/i18n/index.ts';
import { isInCare } from '../care.ts';
import { daysBetween, dueText } from '../../app/time.ts';

/** Age in full years as far as the birth year tells, or undefined for a year that cannot be. */
export function ageOf(birthYear: number | undefined, now: number): number | undefined {
  if (birthYear === undefined) return undefined;
  const age = new Date(now).getFullYear() - birthYear;
  return age >= 0 && age < 130 ? age : undefined;
}

/** Relation and age under a person's name; either may be unknown. */
export function personLine(person: Resident, now: number, messages: Messages): string {
  const age = ageOf(person.birth_year, now);
  return [person.relation, age === undefined ? undefined : messages.people.age(age)].filter(Boolean).join(' · ');
}

/** Those in care first, then the eldest: whom one asks after at the door. */
export function personsInOrder(persons: readonly Resident[]): Resident[] {
  return [...persons].sort((one, other) => (
    Number(isInCare(other.tags)) - Number(isInCare(one.tags))
    || (one.birth_year ?? 9999) - (other.birth_year ?? 9999)
    || (one.id < other.id ? -1 : 1)
  ));
}

/** Care words of the household that no person of it carries. */
export function householdTags(card: DoorCard): string[] {
  const carried = new Set(card.persons.flatMap((person) => person.tags));
  return card.tags.filter((tag) => !carried.has(tag));
}

/** The standing plan: how often, what for, and how long there is. Empty when there is no plan. */
export function planParts(
  card: DoorCard, now: number, messages: Messages, purposeText: (code: string) => string,
): string[] {
  const plan = card.plan;
  const parts: string[] = [];
  if (plan?.interval_days !== undefined) parts.push(messages.door.every(plan.interval_days));
  if (plan?.purpose) parts.push(purposeText(plan.purpose));
  if (card.due_at !== undefined) parts.push(dueText(daysBetween(now, card.due_at), messages));
  return parts;
}

/** The visit the card's head speaks of: the newest one. */
export function lastVisit(card: DoorCard): VisitRow | undefined {
  return card.visits.reduce<VisitRow | undefined>((last, visit) => (last && last.at >= visit.at ? last : visit), undefined);
}
