// The form when the phone's store failed: the words are still on the screen, and can be taken elsewhere.

import { useSignal } from '@preact/signals';
import type { Refusal } from '../../bridge/types.ts';
import { Button, ErrorSentence } from '../../app/components/index.ts';
import { messages } from '../../app/i18n/index.ts';
import { isOfTheStore } from './unkept.ts';

export function Trouble({ error, note }: { error: Refusal | undefined; note: string }) {
  const said = useSignal<'copied' | 'copyRefused' | undefined>(undefined);
  const words = messages.value.form;
  const copy = async (): Promise<void> => {
    said.value = await navigator.clipboard.writeText(note).then(() => 'copied' as const, () => 'copyRefused' as const);
  };
  return (
    <>
      <ErrorSentence error={error} />
      {isOfTheStore(error) && note && (
        <p>
          <Button tone="quiet" onClick={() => { void copy(); }}>{words.copy}</Button>
          <span class="small second" role="status">{said.value && words[said.value]}</span>
        </p>
      )}
    </>
  );
}
