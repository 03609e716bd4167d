// Which language is spoken. Pages read `messages.value.…`; a missing key does not compile.

import { computed, signal } from '@preact/signals';
import { readPreference, writePreference } from '../preferences.ts';
import { en } from './en.ts';
import { zh, type Messages } from './zh.ts';

export type { Messages } from './zh.ts';
export type Language = 'zh' | 'en';

export const language = signal<Language>('zh');
export const messages = computed<Messages>(() => (language.value === 'en' ? en : zh));

/** Takes up the kept choice; Chinese when none was made, whatever the phone's own language. Call once. */
export function startLanguage(): void {
  language.value = readPreference('language') === 'en' ? 'en' : 'zh';
  document.documentElement.lang = messages.value.language;
}

export function chooseLanguage(choice: Language): void {
  language.value = choice;
  writePreference('language', choice);
  document.documentElement.lang = messages.value.language;
}
