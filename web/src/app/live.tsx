// The one polite live region: what a screen reader says when something happened without a change of page.

import { signal } from '@preact/signals';

const sentence = signal('');

/** Says a sentence when the reader next pauses. The same sentence twice is said twice. */
export function announce(text: string): void {
  sentence.value = '';
  // A region that is emptied and filled in one frame is not noticed as changed.
  requestAnimationFrame(() => { sentence.value = text; });
}

/** Stands once in the shell and is never removed, or readers miss its first sentence. */
export function LiveRegion() {
  return <p class="visually-hidden" role="status" aria-live="polite">{sentence}</p>;
}
