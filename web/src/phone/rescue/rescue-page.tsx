// Rescue files: saving what this phone could not send, and importing what another could not. The same on phone and desk.

import { useSignal } from '@preact/signals';
import type { Refusal, RescueFile } from '../../bridge/types.ts';
import { bridge, refusalOf, status, useAnswer } from '../../app/answers.ts';
import { Button, ErrorSentence, Onward, PageHead } from '../../app/components/index.ts';
import { messages } from '../../app/i18n/index.ts';
import { announce } from '../../app/live.tsx';
import { ParcelList } from './parcel-list.tsx';
import { isOverdue } from './rescue-model.ts';
import { canShare, saveFile, shareFile } from './save-file.ts';
import './rescue.css';

export function RescuePage({ up }: { up: { href: string; text: string } }) {
  return (
    <div class="page rescue">
      <PageHead title={messages.value.rescue.title} up={up} />
      <p class="second">{messages.value.rescue.what}</p>
      <Save />
      <Import />
      <p class="section"><a class="line-link rescue-lost" href="/lost">{messages.value.lost.title}<Onward /></a></p>
    </div>
  );
}

function Save() {
  const words = messages.value.rescue;
  const drafts = useAnswer('drafts', undefined).value.value?.length ?? 0;
  const unsent = (status.value?.waiting ?? 0) + (status.value?.held.filter((item) => item.status === 'refused').length ?? 0);
  const isCarrying = useAnswer('parcels', undefined).value.value?.some((parcel) => parcel.state !== 'taken') ?? false;
  const error = useSignal<Refusal | undefined>(undefined);
  const saved = useSignal<string | undefined>(undefined);
  if (unsent + drafts === 0) return <p class="section">{isCarrying ? words.onlyCarried : words.nothing}</p>;
  const hand = async (give: (file: RescueFile) => void | Promise<void>, isSaved: boolean): Promise<void> => {
    error.value = undefined;
    try {
      const file = await bridge.call('rescue_file');
      await give(file);
      if (!isSaved) return;
      saved.value = file.name;
      announce(words.saved(file.name));
    } catch (thrown) {
      error.value = refusalOf(thrown);
    }
  };
  return (
    <section class="section">
      <p><strong>{words.holds(unsent, drafts)}</strong></p>
      {isOverdue(status.value, Date.now()) && <p class="rescue-overdue">{words.overdue}</p>}
      <p class="small second">{words.careful}</p>
      <p class="rescue-buttons">
        <Button tone="lamp" onClick={() => void hand(saveFile, true)}>{words.save}</Button>
        {canShare() && <Button onClick={() => void hand(shareFile, false)}>{words.share}</Button>}
      </p>
      {saved.value !== undefined && <p class="small">{words.saved(saved.value)}</p>}
      <ErrorSentence error={error.value} />
    </section>
  );
}

function Import() {
  const words = messages.value.rescue;
  const error = useSignal<Refusal | undefined>(undefined);
  const taking = useSignal(false);
  const take = async (input: HTMLInputElement): Promise<void> => {
    const files = [...(input.files ?? [])];
    error.value = undefined;
    taking.value = true;
    for (const file of files) {
      try {
        await bridge.call('take_rescue', { bytes: new Uint8Array(await file.arrayBuffer()) });
      } catch (thrown) {
        error.value = refusalOf(thrown);
      }
    }
    taking.value = false;
    // The same file may be chosen again.
    input.value = '';
  };
  return (
    <section class="section">
      <h2 class="section-title">{words.importTitle}</h2>
      <p class="small second" id="rescue-import-hint">{words.importHint}</p>
      <p class="rescue-choose">
        <label class="button button-plain" for="rescue-import">{taking.value ? words.taking : words.choose}</label>
        <input
          id="rescue-import"
          class="visually-hidden"
          type="file"
          multiple
          aria-describedby="rescue-import-hint"
          onChange={(event) => void take(event.currentTarget)}
        />
      </p>
      <ErrorSentence error={error.value} />
      <ParcelList />
    </section>
  );
}
