// The filters of the visits list, from the directory and the community's code lists.

import { codeText, codesOf, type ListName } from '../../app/codes.ts';
import { messages } from '../../app/i18n/index.ts';
import { directory } from '../directory.ts';
import { words } from '../messages/index.ts';
import { REVIEW_STATES, countFilters, type VisitFilters } from '../model/filters.ts';
import { inBuildingOrder, inNameOrder } from '../model/words.ts';
import { ChoiceFilter, DayFilter, Fold, TextFilter, type Choice } from './filter-bar.tsx';

interface VisitFilterBarProps {
  filters: VisitFilters;
  /** What the filtered door is called, once a visit to it is here. */
  door: string;
  onChange(filters: VisitFilters): void;
}

export function VisitFilterBar({ filters, door, onChange }: VisitFilterBarProps) {
  const text = words.value.filters;
  const active = countFilters(filters);
  const choice = (name: keyof VisitFilters & keyof typeof text, choices: readonly Choice[]) => (
    <ChoiceFilter label={String(text[name])} value={filters[name]} choices={choices}
      onChange={(value) => onChange({ ...filters, [name]: value })} />
  );
  return (
    <Fold summary={active === 0 ? text.title : `${text.title} · ${text.active(active)}`}>
      <search class="filters">
        {choice('grid', gridChoices())}
        {choice('building', buildingChoices())}
        {filters.door !== '' && choice('door', [{ value: filters.door, text: door }])}
        {choice('worker', workerChoices())}
        {choice('purpose', codeChoices('purposes'))}
        {choice('outcome', codeChoices('outcomes'))}
        {choice('tag', codeChoices('tags'))}
        {choice('review', REVIEW_STATES.map((value) => ({ value, text: messages.value.reviewStates[value] ?? value })))}
        <DayFilter label={text.from} value={filters.from} onChange={(from) => onChange({ ...filters, from })} />
        <DayFilter label={text.to} value={filters.to} onChange={(to) => onChange({ ...filters, to })} />
        <TextFilter label={text.text} hint={text.textHint} value={filters.text}
          onChange={(value) => onChange({ ...filters, text: value })} />
      </search>
    </Fold>
  );
}

export function gridChoices(): Choice[] {
  return (directory.value?.grids ?? []).map((grid) => ({ value: grid.feed, text: grid.name }));
}

export function buildingChoices(): Choice[] {
  return inBuildingOrder((directory.value?.buildings ?? []).map((each) => each.building))
    .map((value) => ({ value, text: messages.value.address.building(value) }));
}

export function codeChoices(list: ListName): Choice[] {
  return codesOf(list).map((code) => ({ value: code, text: codeText(list, code) }));
}

function workerChoices(): Choice[] {
  return inNameOrder(directory.value?.workers ?? []).map((worker) => ({ value: worker.id, text: worker.name }));
}
