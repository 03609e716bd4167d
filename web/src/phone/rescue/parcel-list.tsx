// The rescue files that passed through this device, newest first, each with what became of what it holds.

import type { Parcel, RescuedLine } from '../../bridge/types.ts';
import { bridge, useAnswer } from '../../app/answers.ts';
import { Button, ErrorSentence, TimeText } from '../../app/components/index.ts';
import { messages } from '../../app/i18n/index.ts';
import { lineState, parcelSummary } from './rescue-model.ts';
import { saveFile } from './save-file.ts';

export function ParcelList() {
  const parcels = useAnswer('parcels', undefined).value.value ?? [];
  if (parcels.length === 0) return null;
  return (
    <>
      <h3 class="section-title rescue-passed">{messages.value.rescue.parcels}</h3>
      <ul class="parcels">{parcels.map((parcel) => <li key={parcel.id}><ParcelEntry parcel={parcel} /></li>)}</ul>
    </>
  );
}

function ParcelEntry({ parcel }: { parcel: Parcel }) {
  const words = messages.value.rescue;
  const lines = parcel.lines.length > 0 ? parcel.lines : parcel.items;
  return (
    <article class={`parcel parcel-${parcel.state}`}>
      <p>
        <strong>{words.of(parcel.name)}</strong>{' '}
        <span class="small second">{words.madeAt} <TimeText at={parcel.made_at} /></span>
      </p>
      <p><strong>{words.states[parcel.state]}</strong> · {parcelSummary(parcel, messages.value)}</p>
      <ErrorSentence error={parcel.refusal} />
      <ul class="parcel-lines">{lines.map((line, index) => <li key={index}><Line line={line} /></li>)}</ul>
      {parcel.drafts.length > 0 && <Drafts parcel={parcel} />}
      {(parcel.state === 'refused' || parcel.state === 'partly') && <StillHere parcel={parcel} />}
      {parcel.state !== 'waiting' && (
        <Button tone="quiet" onClick={() => void bridge.call('drop_parcel', { id: parcel.id })}>{words.forget}</Button>
      )}
    </article>
  );
}

/** The office has not taken it in full: the file can be handed on, or be brought again. */
function StillHere({ parcel }: { parcel: Parcel }) {
  const words = messages.value.rescue;
  const save = async (): Promise<void> => {
    const file = await bridge.call('parcel_file', { id: parcel.id });
    if (file) saveFile(file);
  };
  return (
    <>
      <p class="small second">{words.keptHere}</p>
      <p class="rescue-buttons">
        <Button onClick={() => void save()}>{words.saveAgain}</Button>
        <Button onClick={() => void bridge.call('send_parcel', { id: parcel.id })}>{words.tryAgain}</Button>
      </p>
    </>
  );
}

function Line({ line }: { line: RescuedLine | Parcel['items'][number] }) {
  const words = messages.value;
  return (
    <>
      <span class="number">{line.place || words.lost.unknownPlace}</span> <TimeText at={line.at} />
      {'status' in line && <span class="second"> {words.rescue.lines[lineState(line)]}</span>}
      {'status' in line && line.reason && <span class="small second"> {words.held[line.reason.code] ?? line.reason.zh}</span>}
    </>
  );
}

function Drafts({ parcel }: { parcel: Parcel }) {
  const words = messages.value;
  return (
    <details class="parcel-drafts">
      <summary>{words.rescue.drafts}（{parcel.drafts.length}）</summary>
      <p class="small second">{words.rescue.draftsHint}</p>
      <ul>
        {parcel.drafts.map((draft) => (
          <li key={`${draft.door} ${draft.changed_at}`}>
            <p><span class="number">{draft.place || words.lost.unknownPlace}</span> <TimeText at={draft.changed_at} /></p>
            <p class="parcel-words">{draft.note}</p>
          </li>
        ))}
      </ul>
    </details>
  );
}
