// A phone number that is not on the phone: masked until asked for, asked of the server, recorded there, gone with the page.

import { useSignal } from '@preact/signals';
import type { Refusal, Resident } from '../../bridge/types.ts';
import { bridge, refusalOf, status } from '../../app/answers.ts';
import { Button, ErrorSentence } from '../../app/components/index.ts';
import { messages } from '../../app/i18n/index.ts';
import { announce } from '../../app/live.tsx';

export function Reveal({ door, person }: { door: string; person: Resident }) {
  const value = useSignal<string | undefined>(undefined);
  const error = useSignal<Refusal | undefined>(undefined);
  const words = messages.value.door;
  const offline = status.value !== undefined && !status.value.online;

  const reveal = async (): Promise<void> => {
    error.value = undefined;
    try {
      value.value = (await bridge.call('reveal', { door, resident: person.id, field: 'phone' })).value;
      announce(words.revealRecorded);
    } catch (thrown) {
      error.value = refusalOf(thrown);
    }
  };

  return (
    <div class="reveal">
      <p class="reveal-line">
        <span class="second">{words.phone}</span>
        {value.value === undefined
          ? <span class="number third" role="img" aria-label={words.masked}>•••• ••••</span>
          : <a class="number reveal-number" href={`tel:${value.value}`}>{value.value}</a>}
        {value.value !== undefined && <Button tone="quiet" onClick={() => { value.value = undefined; }}>{words.hide}</Button>}
        {value.value === undefined && !offline && (
          <Button tone="quiet" aria-label={words.revealFor(person.name)} onClick={() => { void reveal(); }}>{words.reveal}</Button>
        )}
      </p>
      {value.value === undefined && offline && <p class="small second">{words.revealOffline}</p>}
      {value.value !== undefined && <p class="small second">{words.revealRecorded}</p>}
      <ErrorSentence error={error.value} />
    </div>
  );
}
