// A window small enough to stand in a line of text: full, half or empty, as on the building face.

import type { Light } from '../../bridge/types.ts';
import { messages } from '../../app/i18n/index.ts';
import './facade.css';

/** `alone`: nothing beside it says what it means, so a screen reader is told. */
export function WindowSign({ light, alone = false }: { light: Light; alone?: boolean }) {
  return (
    <span class={`window-sign window-sign-${light}`}>
      {alone && <span class="visually-hidden">{messages.value.lights[light]}</span>}
    </span>
  );
}

/** Someone behind this door is in care. */
export function CareSign() {
  return (
    <svg class="care-sign" viewBox="0 0 16 16" aria-hidden="true">
      <path d="M8 13.6C3.9 10.7 1.9 8.6 1.9 6a3 3 0 0 1 5.5-1.7L8 5.2l.6-.9A3 3 0 0 1 14.1 6c0 2.6-2 4.7-6.1 7.6z" />
    </svg>
  );
}

/** Something written here has not left the phone: the ring of ○ 已存本机. */
export function UnsentSign() {
  return <svg class="unsent-sign" viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="5.5" /></svg>;
}
