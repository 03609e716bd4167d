// The desk's sentences in the language the person chose for the whole app.

import { computed } from '@preact/signals';
import { language } from '../../app/i18n/index.ts';
import { en } from './en.ts';
import { zh, type Messages } from './zh.ts';

export type { Messages } from './zh.ts';

export const words = computed<Messages>(() => (language.value === 'en' ? en : zh));
