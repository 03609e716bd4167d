// Leaving this phone: only when all is at the office, in two taps on the page.

import { useSignal } from '@preact/signals';
import type { Refusal, Status } from '../../bridge/types.ts';
import { bridge, refusalOf } from '../../app/answers.ts';
import { Button, ErrorSentence } from '../../app/components/index.ts';
import { messages } from '../../app/i18n/index.ts';
import { navigate } from '../../app/router.ts';

export function Leave({ status }: { status: Status }) {
  const asked = useSignal(false);
  const error = useSignal<Refusal | undefined>(undefined);
  const words = messages.value.mine;
  const leave = async (): Promise<void> => {
    try {
      await bridge.call('leave');
      navigate('/enrol', { replace: true });
    } catch (thrown) {
      error.value = refusalOf(thrown);
    }
  };
  if (!asked.value) {
    return <p class="section"><Button tone="quiet" onClick={() => { asked.value = true; }}>{words.leave}</Button></p>;
  }
  return (
    <section class="section" aria-label={words.leave}>
      <p>{status.waiting > 0 ? words.leaveWaiting(status.waiting) : words.leaveHint}</p>
      {status.waiting > 0 && <p><a href="/rescue">{messages.value.rescue.link}</a></p>}
      <ErrorSentence error={error.value} />
      <p class="leave-line">
        {status.waiting === 0 && <Button tone="warning" onClick={() => { void leave(); }}>{words.leaveYes}</Button>}
        <Button onClick={() => { asked.value = false; }}>{words.leaveNo}</Button>
      </p>
    </section>
  );
}
