// Words that the phone's store could not keep yet: held here and tried again, also when the person goes to another page.

import type { Refusal, VisitDraft } from '../../bridge/types.ts';
import { bridge, refusalOf } from '../../app/answers.ts';

/** How long after the store failed it is tried once more. */
const AGAIN_MS = 3_000;

/** The newest of each draft that is not known to be in the store. */
const unkept = new Map<string, VisitDraft>();

/** What was written and is not in the store; newer than what the store has. */
export function unkeptDraft(key: string): VisitDraft | undefined {
  return unkept.get(key);
}

/** It was saved as a visit, or thrown away. */
export function forgetUnkept(key: string): void {
  unkept.delete(key);
}

/** Puts a draft into the store, as often as that takes. `failed` hears why it is not there; resolves true once it is. */
export async function keep(draft: VisitDraft, failed: (error: Refusal) => void): Promise<boolean> {
  unkept.set(draft.key, draft);
  while (unkept.get(draft.key) === draft) {
    try {
      await bridge.call('put_draft', draft);
      if (unkept.get(draft.key) !== draft) return false;
      unkept.delete(draft.key);
      return true;
    } catch (thrown) {
      if (unkept.get(draft.key) !== draft) return false;
      const error = refusalOf(thrown);
      failed(error);
      if (!isOfTheStore(error)) return false;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
  return false;
}

/** Whether the store could not keep it, as against a refusal of what was written. */
export function isOfTheStore(error: Refusal | undefined): boolean {
  return error?.code.startsWith('store_') ?? false;
}
