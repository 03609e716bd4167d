// The community's code lists as words. An unknown code is shown as it stands.

import { signal } from '@preact/signals';
import type { ListEntry, Lists } from '../bridge/types.ts';
import { language, messages, type Language, type Messages } from './i18n/index.ts';

export type ListName = 'purposes' | 'outcomes' | 'tags' | 'checks';

const EMPTY: Lists = { purposes: [], outcomes: [], tags: [], checks: [], phrases: [] };

/** As last answered by the worker; kept fresh by `answers.ts`. */
export const lists = signal<Lists>(EMPTY);

/** The words for a code: the community's own, else those that ship, else the code itself. */
export function codeText(list: ListName, code: string): string {
  return codeTextIn(lists.value, list, code, language.value, messages.value);
}

export function codeTextIn(from: Lists, list: ListName, code: string, language: Language, messages: Messages): string {
  const entry = from[list].find((each) => each.code === code);
  const shipped = messages.codes[list][code];
  if (!entry) return shipped ?? code;
  return language === 'en' ? (entry.en ?? shipped ?? entry.zh) : entry.zh;
}

/** The codes to choose from, in the community's order; those that ship until its lists are here. */
export function codesOf(list: ListName): string[] {
  return codesIn(lists.value, list, messages.value);
}

export function codesIn(from: Lists, list: ListName, messages: Messages): string[] {
  const own = from[list];
  if (own.length === 0) return Object.keys(messages.codes[list]);
  return [...own].sort(byOrder).map((entry) => entry.code);
}

function byOrder(one: ListEntry, other: ListEntry): number {
  return one.order - other.order || (one.code < other.code ? -1 : 1);
}
