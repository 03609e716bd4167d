// The phone: its table of pages.

import { messages } from '../app/i18n/index.ts';

export function Phone() {
  return <main>{messages.value.app.name}</main>;
}
