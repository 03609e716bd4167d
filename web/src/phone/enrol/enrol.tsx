// Enrolling this phone by a one-time link, or by a pasted one. Shows `enrol-model.ts`, asks the worker, waits for network.

import { useEffect, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { Refusal } from '../../bridge/types.ts';
import { bridge, identity, refusalOf, status } from '../../app/answers.ts';
import { Button, ButtonLink, ErrorSentence, PageHead } from '../../app/components/index.ts';
import { codeIn, enrolCode } from '../../app/enrol-code.ts';
import { messages } from '../../app/i18n/index.ts';
import { enrolledAnew } from '../../app/lost.ts';
import { navigate } from '../../app/router.ts';
import { isInsideWeChat } from '../../app/support.ts';
import { LostNotice } from '../lost/lost-notice.tsx';
import { isDisowned, startOf, update, type EnrolEvent, type EnrolModel } from './enrol-model.ts';
import '../facade/facade.css';
import './enrol.css';

export function EnrolPage() {
  const model = useSignal<EnrolModel>(startOf(enrolCode.value, identity.value ?? null, status.value));
  const send = (event: EnrolEvent): void => { model.value = update(model.peek(), event); };
  const step = model.value;
  const code = step.step === 'working' ? step.code : undefined;

  useEffect(() => { if (code !== undefined) void enrol(code, send); }, [code]);
  const disowned = isDisowned(status.value);
  useEffect(() => { if (disowned) send({ type: 'disowned', waiting: status.value?.waiting ?? 0 }); }, [disowned]);
  // Nothing is left to do here: the link was used in another tab, or somebody enrolled came to this address.
  useEffect(() => { if (step.step === 'done') navigate('/', { replace: true }); }, [step.step]);
  useEffect(() => {
    const back = (): void => send({ type: 'online' });
    addEventListener('online', back);
    return () => removeEventListener('online', back);
  }, []);

  const words = messages.value.enrol;
  return (
    <>
      <Sign />
      <div class="page enrol">
        <PageHead title={words.title} />
        {!identity.value && <LostNotice />}
        {isInsideWeChat(navigator.userAgent) && <p class="enrol-wechat">{words.weChat}</p>}
        {step.step === 'asking' && <Asking model={step} send={send} />}
        {step.step === 'working' && <p role="status">{words.working}</p>}
        {step.step === 'offline' && (
          <>
            <p role="status">{words.offline}</p>
            <p class="section"><Button onClick={() => send({ type: 'online' })}>{words.again}</Button></p>
          </>
        )}
        {step.step === 'disowned' && <Disowned model={step} send={send} />}
        {step.step === 'taken' && <Taken model={step} send={send} />}
        <p class="section small"><a class="enrol-about" href="/about">{messages.value.about.title}</a></p>
      </div>
    </>
  );
}

/** The app's sign, large: its name, and a block whose lit windows make a stair. */
function Sign() {
  return (
    <div class="dusk enrol-sign">
      <p class="enrol-name">{messages.value.app.name}</p>
      <svg viewBox="0 0 78 66" aria-hidden="true">
        <path class="mini-wall" d="M0 8h29V0h20v8h29v58H0z" />
        {WINDOWS.map((window) => (
          <g key={`${window.left} ${window.top}`}>
            <rect class={window.light === 'lit' ? 'mini-lit' : 'mini-dark'} x={window.left} y={window.top} width="13" height="9" />
            {window.light === 'due' && <rect class="mini-due" x={window.left} y={window.top + 4.5} width="13" height="4.5" />}
          </g>
        ))}
      </svg>
    </div>
  );
}

/** Four by four windows; on each floor from the ground up the lit one is a step further to the right. */
const WINDOWS = [0, 1, 2, 3].flatMap((row) => [0, 1, 2, 3].map((column) => {
  const step = column - (3 - row);
  return { left: 5 + column * 18.3, top: 13 + row * 12.5, light: step === 0 ? 'lit' : step === 1 ? 'due' : 'dark' };
}));

async function enrol(code: string, send: (event: EnrolEvent) => void): Promise<void> {
  try {
    const { device } = await bridge.call('enrol', { code });
    enrolCode.value = null;
    send({ type: 'enrolled' });
    status.value = await bridge.call('status');
    void enrolledAnew(device);
    navigate('/', { replace: true });
  } catch (error) {
    const refusal = refusalOf(error);
    send({ type: 'refused', error: refusal });
  }
}

function Asking({ model, send }: { model: Extract<EnrolModel, { step: 'asking' }>; send: (event: EnrolEvent) => void }) {
  const field = useRef<HTMLInputElement>(null);
  const words = messages.value.enrol;
  return (
    <form noValidate onSubmit={(event) => { event.preventDefault(); send({ type: 'pasted', code: codeIn(field.current?.value ?? '') }); }}>
      <ErrorSentence error={model.error} />
      {identity.value && <p>{words.disownedLead}</p>}
      <p>{words.lead}</p>
      <p class="section enrol-paste">
        <label for="enrol-link">{words.paste}</label>
        <input
          id="enrol-link"
          ref={field}
          type="text"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          aria-invalid={model.unreadable}
          aria-describedby={model.unreadable ? 'enrol-unreadable' : undefined}
        />
        {model.unreadable && <span id="enrol-unreadable" class="error-sentence" role="alert">{words.noCode}</span>}
      </p>
      <Button type="submit" tone="lamp" wide>{words.start}</Button>
    </form>
  );
}

/** The same hands, another enrolment: what was unsent goes along. */
function Disowned({ model, send }: { model: Extract<EnrolModel, { step: 'disowned' }>; send: (event: EnrolEvent) => void }) {
  const words = messages.value.enrol;
  return (
    <>
      <p class="enrol-taken">{words.disowned(model.name)}</p>
      <p>{words.disownedKept(model.waiting)}</p>
      <p class="section enrol-choice">
        <Button tone="lamp" onClick={() => send({ type: 'anew' })}>{words.anew}</Button>
        <ButtonLink href="/" data-replace="" onClick={() => { enrolCode.value = null; }}>{words.keep}</ButtonLink>
      </p>
    </>
  );
}

/** Changing hands: only when all is at the office, and by the person's own choice. */
function Taken({ model, send }: { model: Extract<EnrolModel, { step: 'taken' }>; send: (event: EnrolEvent) => void }) {
  const error = useSignal<Refusal | undefined>(undefined);
  const words = messages.value.enrol;
  const change = async (): Promise<void> => {
    try {
      await bridge.call('leave');
      send({ type: 'left' });
    } catch (thrown) {
      error.value = refusalOf(thrown);
    }
  };
  return (
    <>
      <p class="enrol-taken">{words.already(model.name)}</p>
      <p>{model.waiting > 0 ? words.alreadyWaiting(model.waiting) : words.alreadyHint}</p>
      {model.waiting > 0 && <p><a href="/rescue" onClick={() => { enrolCode.value = null; }}>{messages.value.rescue.link}</a></p>}
      <ErrorSentence error={error.value} />
      <p class="section enrol-choice">
        <ButtonLink href="/" tone="lamp" data-replace="" onClick={() => { enrolCode.value = null; }}>{words.keep}</ButtonLink>
        {model.waiting === 0 && <Button tone="warning" onClick={() => { void change(); }}>{words.change}</Button>}
      </p>
    </>
  );
}
