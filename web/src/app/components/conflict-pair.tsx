// One field with two or more values: side by side, each with its author and time, until a person settles it.

import type { Conflict } from '../../bridge/types.ts';
import { codeText } from '../codes.ts';
import { messages } from '../i18n/index.ts';
import { Button } from './button.tsx';
import { TimeText } from './time-text.tsx';

interface ConflictPairProps {
  conflict: Conflict;
  /** Left out: the values are shown, and somebody else settles them. */
  onSettle?: (value: string) => void;
}

/** The name of a field of a visit: `outcome`, or `checks/gas` as the words of that check. */
export function fieldText(path: string): string {
  const [first = '', second] = path.split('/');
  if (first === 'checks' && second) return codeText('checks', second);
  const fields = messages.value.fields as unknown as Record<string, string>;
  const name = path === 'review/by' ? 'reviewer' : first === 'review' && second ? second : first;
  // A path is whatever somebody's phone wrote.
  return own(fields, name) ?? path;
}

/** The words for a value of a field. */
export function valueText(path: string, value: string): string {
  if (path === 'outcome') return codeText('outcomes', value);
  if (path === 'purpose') return codeText('purposes', value);
  if (path === 'review/state') return own(messages.value.reviewStates, value) ?? value;
  if (path.startsWith('checks/')) return own(messages.value.checkValues, value) ?? value;
  return value;
}

/** A word of a list by a name that may be anything, `constructor` too. */
function own(list: Record<string, string>, name: string): string | undefined {
  return Object.hasOwn(list, name) && typeof list[name] === 'string' ? list[name] : undefined;
}

export function ConflictPair({ conflict, onSettle }: ConflictPairProps) {
  const words = messages.value.fields;
  return (
    <section class="conflict" aria-label={words.twoValues(fieldText(conflict.path))}>
      <p>{words.twoValues(fieldText(conflict.path))}</p>
      <ul class="conflict-values">
        {conflict.values.map((each) => (
          <li key={each.value} class="conflict-value">
            <strong>{valueText(conflict.path, each.value)}</strong>
            <span class="small second">{words.wroteBy(each.name)} · <TimeText at={each.at} /></span>
            {onSettle && <div><Button onClick={() => onSettle(each.value)}>{words.settle}</Button></div>}
          </li>
        ))}
      </ul>
    </section>
  );
}
