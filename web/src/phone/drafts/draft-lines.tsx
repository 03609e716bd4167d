// What was begun and not saved: one tap goes on with the same door, the same words and the same cursor.

import type { VisitDraft } from '../../bridge/types.ts';
import { useAnswer } from '../../app/answers.ts';
import { Onward, TimeText } from '../../app/components/index.ts';
import { messages } from '../../app/i18n/index.ts';
import { shortAddress } from '../address.ts';
import './drafts.css';

/** Where a draft is gone on with. */
export function draftPath(draft: VisitDraft): string {
  return draft.visit ? `/visit/${draft.visit}/edit` : `/visit/new/${draft.door}`;
}

export function DraftLines({ title }: { title: string }) {
  const drafts = useAnswer('drafts', undefined).value.value ?? [];
  if (drafts.length === 0) return null;
  return (
    <section class="section drafts">
      <h2 class="section-title">{title}</h2>
      <ul class="lines">{drafts.map((draft) => <li key={draft.key}><DraftLine draft={draft} /></li>)}</ul>
    </section>
  );
}

/** One draft: its door, how it begins, and when it was last touched. */
export function DraftLine({ draft }: { draft: VisitDraft }) {
  const card = useAnswer('door_card', { door: draft.door }).value.value;
  return (
    <a class="line-link draft-line" href={draftPath(draft)}>
      <span class="draft-text">
        <strong>{card ? shortAddress(card.door) : messages.value.bar.visit}</strong>
        <span class="draft-words">{draft.note.slice(0, 60)}</span>
      </span>
      <span class="small second"><TimeText at={draft.changed_at} form="recent" /></span>
      <span class="draft-go">{messages.value.door.goOn}<Onward /></span>
    </a>
  );
}
