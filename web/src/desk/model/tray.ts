// What a change in the tray sets, as a supervisor reads it before deciding. Pure.

import type { TrayEntry } from './answers.ts';

export interface WhatIsSet {
  /** Paths and values, but for what the heading of the entry says already. */
  set: [path: string, value: string][];
  /** How many residents it says were met; who they are, only their door tells. */
  met: number;
}

/** A door or a person that is not the heading's own is never left out: that would hide what is decided on. */
export function whatIsSet({ fields = {}, door, person }: Pick<TrayEntry, 'fields' | 'door' | 'person'>): WhatIsSet {
  const isInHeading = (path: string, value: string): boolean =>
    (path === 'door' && value === door?.id) || ((path === 'by' || path === 'review/by') && value === person.id);
  const isMet = (path: string, value: string): boolean => path.startsWith('met/') && value === 'true';
  const all = Object.entries(fields);
  return {
    set: all.filter(([path, value]) => !isInHeading(path, value) && !isMet(path, value)),
    met: all.filter(([path, value]) => isMet(path, value)).length,
  };
}
