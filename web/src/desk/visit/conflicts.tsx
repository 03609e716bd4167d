// Fields that hold what two people filled differently: side by side, who and when, until the desk settles them.

import { useState } from 'preact/hooks';
import { bridge, refusalOf } from '../../app/answers.ts';
import { ErrorSentence, fieldText, valueText } from '../../app/components/index.ts';
import { messages } from '../../app/i18n/index.ts';
import { momentText } from '../../app/time.ts';
import { announce } from '../../app/live.tsx';
import type { Conflict, Refusal, VisitView } from '../../bridge/types.ts';
import { words } from '../messages/index.ts';

export function Conflicts({ visit }: { visit: VisitView }) {
  if (visit.conflict_values.length === 0) return null;
  return (
    <section class="conflicts">
      <h3>{words.value.visit.conflicts}</h3>
      {visit.conflict_values.map((conflict) => <Field key={conflict.path} visit={visit.id} conflict={conflict} />)}
    </section>
  );
}

function Field({ visit, conflict }: { visit: string; conflict: Conflict }) {
  const text = words.value;
  const [settling, setSettling] = useState(false);
  const [error, setError] = useState<Refusal | undefined>(undefined);
  const settle = async (value: string): Promise<void> => {
    setSettling(true);
    setError(undefined);
    try {
      await bridge.call('settle', { visit, path: conflict.path, value });
      announce(messages.value.fields.settled);
    } catch (thrown) {
      setError(refusalOf(thrown));
    }
    setSettling(false);
  };
  return (
    <div class="conflict-field" role="group" aria-label={fieldText(conflict.path)}>
      <p class="conflict-name">{fieldText(conflict.path)}</p>
      <ul class="conflict-choices">
        {conflict.values.map((each) => (
          <li key={`${each.person ?? each.name} ${each.at}`}>
            <strong>{valueText(conflict.path, each.value)}</strong>
            <span class="third">{text.verdict.by(each.name || text.person.unknown, momentText(each.at, Date.now(), messages.value))}</span>
            <button type="button" class="button button-plain" disabled={settling} onClick={() => void settle(each.value)}>
              {text.visit.keep(valueText(conflict.path, each.value))}
            </button>
          </li>
        ))}
      </ul>
      {settling && <p class="third" role="status">{text.visit.settling}</p>}
      <ErrorSentence error={error} />
    </div>
  );
}
