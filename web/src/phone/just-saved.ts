// The visit saved a moment ago, so that its door can show it, and its mark, at the top.

import { signal } from '@preact/signals';

/** Id of the visit, until the door's page is left. */
export const justSaved = signal<string | null>(null);
