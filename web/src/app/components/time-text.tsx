// A moment in words, with the exact time for whoever asks.

import { messages } from '../i18n/index.ts';
import { agoText, dateText, isoText, momentText, recentText } from '../time.ts';

interface TimeTextProps {
  at: number;
  /** `moment` 昨天 14:05 · `ago` 12 天前 · `recent` 5 分钟前 · `date` 11月3日 */
  form?: 'moment' | 'ago' | 'recent' | 'date';
  now?: number;
}

const FORMS = { moment: momentText, ago: agoText, recent: recentText, date: dateText };

export function TimeText({ at, form = 'moment', now = Date.now() }: TimeTextProps) {
  const exact = momentText(at, now, messages.value);
  return <time class="number" dateTime={isoText(at)} title={exact}>{FORMS[form](at, now, messages.value)}</time>;
}
