// The one-time code of an enrolment link: taken out of the address once, held in memory, never stored.

import { signal } from '@preact/signals';

/** The code this page was opened with; null when there was none or it has been used. */
export const enrolCode = signal<string | null>(null);

/** A code is 128 bits as base64url without padding; longer ones are let through for the server to judge. */
const CODE = /^[A-Za-z0-9_-]{16,128}$/;

/** The code in a fragment (`#enrol=…`), a whole link, or a bare code as a person pasted it; null when there is none. */
export function codeIn(text: string): string | null {
  const trimmed = text.trim();
  const given = /[#&]enrol=([^&\s]+)/.exec(trimmed)?.[1] ?? trimmed;
  return CODE.test(given) ? given : null;
}

/** Moves the code from the address bar into memory, so that it is neither seen, shared nor kept in the history. */
export function takeCode(): void {
  if (!location.hash.startsWith('#enrol=')) return;
  enrolCode.value = codeIn(location.hash);
  history.replaceState(null, '', location.pathname + location.search);
}
