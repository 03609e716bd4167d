// What went wrong, in the words the worker or the server gave, beside the thing it concerns.

import type { Refusal } from '../../bridge/types.ts';
import { language, messages } from '../i18n/index.ts';
import { Button } from './button.tsx';

interface ErrorSentenceProps { error: Refusal | undefined; onAgain?: () => void }

export function ErrorSentence({ error, onAgain }: ErrorSentenceProps) {
  if (!error) return null;
  const words = (language.value === 'en' ? error.en : error.zh) || messages.value.errors.unknown;
  return (
    <div class="error-sentence" role="alert">
      <p>{words}</p>
      {onAgain && <Button tone="quiet" onClick={onAgain}>{messages.value.errors.again}</Button>}
    </div>
  );
}
