// What the strip says and which part of the bottom bar is lit. Pure.

import type { Mark, Status } from '../../bridge/types.ts';
import type { Messages } from '../../app/i18n/index.ts';
import { match } from '../../app/router.ts';

export type Place = 'buildings' | 'todo' | 'mine';

/** The lit part of the bar, and where ＋走访 leads: into a visit when a door is open, else to choosing a door. */
export function hereOf(path: string): { place: Place | undefined; visitPath: string } {
  const door = match('/door/:id', path);
  if (door) return { place: 'buildings', visitPath: `/visit/new/${door.id}` };
  const visitPath = '/visit/new';
  if (path === '/' || match('/b/:building', path)) return { place: 'buildings', visitPath };
  if (match('/todo', path)) return { place: 'todo', visitPath };
  if (['/mine', '/about', '/rescue', '/lost'].includes(path)) return { place: 'mine', visitPath };
  return { place: undefined, visitPath };
}

/** The strip's sentence, or null when all is sent, and there is network and room. */
export function stripOf(status: Status | undefined, messages: Messages): { mark?: Mark; sentence: string } | null {
  if (!status) return null;
  const words = messages.strip;
  const exchange = exchangeOf(status, messages);
  if (!status.storage_short) return exchange;
  return exchange ? { ...exchange, sentence: `${exchange.sentence} · ${words.short}` } : { sentence: words.short };
}

function exchangeOf(status: Status, messages: Messages): { mark?: Mark; sentence: string } | null {
  const words = messages.strip;
  if (!status.online) {
    if (status.waiting === 0) return { sentence: `${words.offline} · ${words.nothingWaiting}` };
    return { mark: 'on_phone', sentence: `${words.offline} · ${words.onPhone(status.waiting)}` };
  }
  if (status.waiting === 0) return null;
  return status.exchanging
    ? { mark: 'sending', sentence: words.sending(status.waiting) }
    : { mark: 'on_phone', sentence: words.onPhone(status.waiting) };
}
