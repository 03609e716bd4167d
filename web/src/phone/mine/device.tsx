// How this phone stands: what it holds, whether the browser keeps it, its clock, its version, the home screen.

import { useSignal } from '@preact/signals';
import type { Status } from '../../bridge/types.ts';
import { bridge } from '../../app/answers.ts';
import { Button } from '../../app/components/index.ts';
import { messages } from '../../app/i18n/index.ts';
import { clockSentence, holdsSentence, installHint } from './mine-model.ts';

function isInstalled(): boolean {
  return matchMedia('(display-mode: standalone)').matches || (navigator as { standalone?: boolean }).standalone === true;
}

export function Device({ status }: { status: Status }) {
  const words = messages.value.mine;
  const clock = clockSentence(status.clock_error_ms, messages.value);
  const hint = installHint({ installed: isInstalled(), userAgent: navigator.userAgent }, messages.value);
  return (
    <section class="section device">
      <h2 class="section-title">{words.device}</h2>
      <p>{holdsSentence(status, messages.value)}</p>
      {status.storage_short && <Short waiting={status.waiting} />}
      <Persisted persisted={status.persisted} />
      {clock && <p class="device-clock">{clock}</p>}
      {hint && (
        <details class="device-install">
          <summary>{words.install}</summary>
          <p>{hint}</p>
        </details>
      )}
      <p class="small second">{words.version(status.version)}</p>
    </section>
  );
}

/** What to do before it hurts, the most useful first. */
function Short({ waiting }: { waiting: number }) {
  const words = messages.value.mine;
  return (
    <div class="device-short">
      <p><strong>{words.short}</strong></p>
      <p>{words.shortSafe}</p>
      <ol>
        {waiting > 0 && <li>{words.shortSend}</li>}
        <li>{words.shortFree}</li>
        <li>{words.shortWrite}</li>
        <li>{words.shortRescue} <a href="/rescue">{messages.value.rescue.link}</a></li>
      </ol>
    </div>
  );
}

/** The browser answers by itself, without a question to the person; a no is explained, not repeated. */
function Persisted({ persisted }: { persisted: boolean | null }) {
  const refused = useSignal(false);
  const words = messages.value.mine;
  if (persisted) return <p>{words.kept}</p>;
  const ask = async (): Promise<void> => {
    refused.value = !(await bridge.call('persist').catch(() => false));
  };
  return (
    <>
      <p>{refused.value ? words.keepRefused : words.notKept}</p>
      <Button onClick={() => { void ask(); }}>{words.keep}</Button>
    </>
  );
}
