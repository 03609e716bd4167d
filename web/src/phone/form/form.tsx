// The form of a visit: six results as windows to light, then purpose, note, checks and persons met.
// Shows `form-model.ts` and does what its effects say.

import { useEffect, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { VisitDraft } from '../../bridge/types.ts';
import { bridge, refusalOf, status } from '../../app/answers.ts';
import { codesOf, codeText } from '../../app/codes.ts';
import { Button, Mark, PageHead, Segmented } from '../../app/components/index.ts';
import { messages } from '../../app/i18n/index.ts';
import { announce } from '../../app/live.tsx';
import { goUp } from '../../app/router.ts';
import { prepareDoor } from '../door/prepare-door.ts';
import { justSaved } from '../just-saved.ts';
import { isKept, update, type Effect, type FormEvent, type FormModel } from './form-model.ts';
import { NoteField } from './note-field.tsx';
import { Trouble } from './trouble.tsx';
import { forgetUnkept, keep, unkeptDraft } from './unkept.ts';
import './form.css';

interface VisitFormProps {
  start: FormModel;
  title: string;
  up: { href: string; text: string };
  persons: readonly { id: string; name: string }[];
  /** Names of those who changed the note since the draft began. */
  meanwhile: readonly string[];
}

export function VisitForm({ start, title, up, persons, meanwhile }: VisitFormProps) {
  const model = useSignal(start);
  const words = messages.value.form;
  const here = useRef(true);
  useEffect(() => () => { here.current = false; }, []);
  const perform = (effect: Effect): void => {
    if (effect.type === 'go_up') goUp(up.href);
    else if (effect.type === 'go_on') goOn(effect.visit, up.href, here.current);
    else if (effect.type === 'drop') drop(effect.key);
    else if (effect.type === 'put') void put(effect.draft, () => here.current && model.peek().draft === effect.draft, send);
    else void save(effect.draft, send);
  };
  const send = (event: FormEvent): void => {
    const [next, effects] = update(model.peek(), event, Date.now());
    model.value = next;
    effects.forEach(perform);
  };
  const { draft } = model.value;
  return (
    <form class="visit-form" noValidate onSubmit={(event) => { event.preventDefault(); send({ type: 'save' }); }}>
      <div class="dusk on-dusk plate form-top">
        <PageHead title={title} up={up} />
        <Outcomes chosen={draft.outcome} missing={model.value.outcomeMissing} onChoose={(code) => send({ type: 'outcome', code })} />
      </div>
      <div class="page">
        {meanwhile.length > 0 && <p class="form-meanwhile" role="status">{words.meanwhile(messages.value.fields.together([...meanwhile]))}</p>}
        <NoteField
          note={start.draft.note}
          selection={start.draft.selection}
          restored={start.touched}
          current={draft.note}
          onNote={(note, selection) => send({ type: 'note', note, selection })}
          onSelection={(selection) => send({ type: 'selection', selection })}
        />
        <div class="section">
          <Segmented
            name="purpose"
            legend={words.purpose}
            options={withUnknown(codesOf('purposes'), draft.purpose).map((code) => ({ value: code, text: codeText('purposes', code) }))}
            value={draft.purpose}
            onChoose={(code) => send({ type: 'purpose', code })}
          />
        </div>
        <Met persons={persons} met={draft.met} onMet={(resident, present) => send({ type: 'met', resident, present })} />
        <Checks checks={draft.checks} onCheck={(code, value) => send({ type: 'check', code, value })} />
        <Leave model={model.value} send={send} />
      </div>
      <SaveBar model={model.value} />
    </form>
  );
}

async function put(draft: VisitDraft, isNewest: () => boolean, send: (event: FormEvent) => void): Promise<void> {
  const isKept = await keep(draft, (error) => {
    if (isNewest()) send({ type: 'unkept', error });
  });
  if (isKept && isNewest()) send({ type: 'kept' });
}

function drop(key: string): void {
  forgetUnkept(key);
  void bridge.call('drop_draft', { key });
}

async function save(draft: VisitDraft, send: (event: FormEvent) => void): Promise<void> {
  try {
    const { visit } = await bridge.call('save_visit', draft);
    if (unkeptDraft(draft.key) === draft) forgetUnkept(draft.key);
    // The door's page then shows the visit in its first drawing.
    if (draft.visit === undefined) await prepareDoor(draft.door);
    send({ type: 'saved', visit, draft });
  } catch (error) {
    send({ type: 'failed', error: refusalOf(error) });
  }
}

/** The door's page, or the visit's, shows the mark ○ at once; the exchange goes on by itself. */
function goOn(visit: string, up: string, here: boolean): void {
  announce(messages.value.form.saved);
  // Somebody who went elsewhere while it was saved is not called back.
  if (!here) return;
  justSaved.value = visit;
  goUp(up, { replace: true });
}

/** A code that is not in the list (an older or newer one) is offered as it stands, so that it is not lost by editing. */
function withUnknown(codes: readonly string[], current: string): string[] {
  return current && !codes.includes(current) ? [...codes, current] : [...codes];
}

function Outcomes(props: { chosen: string; missing: boolean; onChoose: (code: string) => void }) {
  const words = messages.value.form;
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => { if (props.missing) first.current?.focus(); }, [props.missing]);
  return (
    <fieldset class="outcomes" aria-describedby={props.missing ? 'outcome-missing' : undefined}>
      <legend class="visually-hidden">{words.outcome}</legend>
      <div class="outcome-windows">
        {withUnknown(codesOf('outcomes'), props.chosen).map((code, index) => (
          <label key={code} class={`outcome ${code === props.chosen ? 'outcome-lit' : ''}`}>
            <input
              ref={index === 0 ? first : undefined}
              type="radio"
              name="outcome"
              value={code}
              checked={code === props.chosen}
              onChange={() => props.onChoose(code)}
            />
            <span>{codeText('outcomes', code)}</span>
          </label>
        ))}
      </div>
      {props.missing && <p id="outcome-missing" class="outcome-missing" role="alert">{words.chooseOutcome}</p>}
    </fieldset>
  );
}

function Met(props: { persons: VisitFormProps['persons']; met: readonly string[]; onMet: (resident: string, present: boolean) => void }) {
  if (props.persons.length === 0) return null;
  return (
    <fieldset class="section">
      <legend class="section-title">{messages.value.form.met}</legend>
      <div class="met">
        {props.persons.map((person) => (
          <label key={person.id} class="met-person">
            <input
              type="checkbox"
              checked={props.met.includes(person.id)}
              onChange={(event) => props.onMet(person.id, event.currentTarget.checked)}
            />
            {person.name}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Checks(props: { checks: Readonly<Record<string, string>>; onCheck: (code: string, value: string) => void }) {
  const words = messages.value;
  const values = (code: string): string[] => withUnknown(['', ...Object.keys(words.checkValues)], props.checks[code] ?? '');
  return (
    <section class="section">
      <h2 class="section-title">{words.form.checks}</h2>
      <ul class="lines checks">
        {checkCodes(props.checks).map((code) => (
          <li key={code}>
            <Segmented
              name={`check-${code}`}
              legend={codeText('checks', code)}
              options={values(code).map((value) => ({ value, none: !value, text: value ? (words.checkValues[value] ?? value) : words.form.unchecked }))}
              value={props.checks[code] ?? ''}
              onChoose={(value) => props.onCheck(code, value)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The community's checks, and those a visit carries beyond them. */
function checkCodes(checks: Readonly<Record<string, string>>): string[] {
  return [...new Set([...codesOf('checks'), ...Object.keys(checks)])];
}

/** Throwing words away takes two taps, on the page, with no box over it. */
function Leave({ model, send }: { model: FormModel; send: (event: FormEvent) => void }) {
  const words = messages.value.form;
  if (!model.leaving) return <p class="section"><Button tone="quiet" onClick={() => send({ type: 'leave' })}>{words.leave}</Button></p>;
  return (
    <div class="section" role="group" aria-label={words.leave}>
      <p>{words.leaveSure}</p>
      <p class="form-leave">
        <Button tone="warning" onClick={() => send({ type: 'throw_away' })}>{words.leaveYes}</Button>
        <Button onClick={() => send({ type: 'stay' })}>{words.leaveNo}</Button>
      </p>
    </div>
  );
}

function SaveBar({ model }: { model: FormModel }) {
  const words = messages.value.form;
  const offline = status.value !== undefined && !status.value.online;
  const sentence = model.error ? '' : offline ? words.offlineKept : isKept(model) ? words.kept : '';
  return (
    <div class="foot save-bar">
      <Trouble error={model.error} note={model.draft.note} />
      <div class="save-line">
        <p class="small second">{sentence && <Mark mark="on_phone" words={false} />} {sentence}</p>
        <Button type="submit" tone="lamp" aria-disabled={model.step === 'saving'}>{words.save}</Button>
      </div>
    </div>
  );
}
