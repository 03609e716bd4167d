// Writing drafts, inside a transaction of `store.ts`: what a keystroke may replace, and what a save ends.

import type { VisitDraft } from '../../bridge/types.ts';
import { notEnrolled } from '../refusals.ts';
import type { Writing } from './database.ts';

/** Keeps a draft, unless it is older than what is kept, or is a visit by now. Answers what it wrote. */
export async function writeDraft(transaction: Writing, draft: VisitDraft, saveKey: string): Promise<VisitDraft | undefined> {
  if ((await transaction.objectStore('meta').getKey('enrolment')) === undefined) throw notEnrolled();
  const drafts = transaction.objectStore('drafts');
  const [saved, before] = await Promise.all([transaction.objectStore('saves').get(saveKey), drafts.get(draft.key)]);
  if (saved && saved.changed_at >= draft.changed_at) return undefined;
  // A keystroke that was held up on its way, or tried again, does not take back the ones after it.
  if (before?.started_at === draft.started_at && before.changed_at > draft.changed_at) return undefined;
  const base = before?.started_at === draft.started_at && before.base_heads && !draft.base_heads
    ? { base_heads: before.base_heads, base_note: before.base_note } : {};
  const written = { ...draft, ...base };
  await drafts.put(written);
  return written;
}

/** What was written since, or in another tab, is not in this save and stays. True when the draft is gone. */
export async function endDraft(transaction: Writing, saved: VisitDraft): Promise<boolean> {
  const drafts = transaction.objectStore('drafts');
  const kept = await drafts.get(saved.key);
  if (kept?.started_at !== saved.started_at || kept.changed_at > saved.changed_at) return false;
  await drafts.delete(saved.key);
  return true;
}
