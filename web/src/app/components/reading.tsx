// While the store has not answered. Most answers are here before anybody could read this, so it waits before it shows.

import { messages } from '../i18n/index.ts';

export function Reading() {
  return <p class="reading second">{messages.value.app.reading}</p>;
}
