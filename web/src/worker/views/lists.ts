// The code lists and phrases of the community, in menu order. Pure.

import type { ListEntry, Lists } from '../../bridge/types.ts';
import type { CodeSummary, CommunitySummary } from '../summary.ts';

export function listsOf(community: CommunitySummary | null): Lists {
  const lists = community?.lists ?? {};
  const phrases = Object.entries(community?.phrases ?? {})
    .map(([id, phrase]) => ({ id, zh: phrase.zh ?? '', order: phrase.order ?? Number.MAX_SAFE_INTEGER }));
  return {
    purposes: entries(lists['purposes']), outcomes: entries(lists['outcomes']),
    tags: entries(lists['tags']), checks: entries(lists['checks']),
    phrases: phrases.filter((phrase) => phrase.zh !== '').sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1)),
  };
}

/** A code without Chinese words is shown as the code itself. */
function entries(codes: Record<string, CodeSummary> | undefined): ListEntry[] {
  return Object.entries(codes ?? {})
    .map(([code, words]) => ({
      code, zh: words.zh ?? code, ...(words.en === undefined ? {} : { en: words.en }),
      order: words.order ?? Number.MAX_SAFE_INTEGER,
    }))
    .sort((a, b) => a.order - b.order || (a.code < b.code ? -1 : 1));
}
