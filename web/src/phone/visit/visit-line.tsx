// One visit in a list: day, result, how it begins, its mark, and what the supervisor said to it.

import type { VisitRow } from '../../bridge/types.ts';
import { codeText } from '../../app/codes.ts';
import { Mark, TimeText } from '../../app/components/index.ts';
import { messages } from '../../app/i18n/index.ts';
import { shortAddress } from '../address.ts';
import './visit-line.css';

interface VisitLineProps {
  visit: VisitRow;
  /** The list holds visits of many doors, so each says where. */
  withDoor?: boolean;
  /** The mark is always in words; otherwise only while there is something to know. */
  markWords?: boolean;
}

export function VisitLine({ visit, withDoor = false, markWords = false }: VisitLineProps) {
  return (
    <a class="line-link visit-line" href={`/visit/${visit.id}`}>
      <span class="visit-line-head">
        {withDoor && <strong class="number">{shortAddress(visit.door)}</strong>}
        <strong>{codeText('outcomes', visit.outcome)}</strong>
        <span class="second"><TimeText at={visit.at} form={withDoor ? 'moment' : 'date'} /></span>
        {!withDoor && <span class="second">{visit.by_name}</span>}
        <Mark mark={visit.mark} words={markWords || (visit.mark !== 'on_server' && visit.mark !== 'seen')} />
      </span>
      {visit.note && <span class="visit-line-note">{visit.note}</span>}
      {visit.held_reason && (
        <span class="visit-line-held small">{messages.value.held[visit.held_reason] ?? visit.held_reason}</span>
      )}
      <ReviewWords visit={visit} />
    </a>
  );
}

/** What the supervisor wrote, set off by a line; asked-back is said even without words. */
export function ReviewWords({ visit }: { visit: VisitRow }) {
  const review = visit.review;
  const words = messages.value.door;
  if (!review || (!review.comment && review.state !== 'asked_back')) return null;
  const name = review.by_name || messages.value.people.unknown;
  return (
    <span class="review-words">
      <span class="small second">{review.state === 'asked_back' ? words.askedBack(name) : words.comment(name)}</span>
      {review.comment && <span class="review-comment">{review.comment}</span>}
    </span>
  );
}
