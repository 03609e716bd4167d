// An error with words for the person. Crosses from the worker to the page as plain data.

import type { Refusal } from './types.ts';

export class BridgeError extends Error {
  readonly code: string;
  readonly zh: string;
  readonly en: string;

  constructor(refusal: Refusal) {
    super(`${refusal.code}: ${refusal.en}`);
    this.name = 'BridgeError';
    this.code = refusal.code;
    this.zh = refusal.zh;
    this.en = refusal.en;
  }

  get refusal(): Refusal {
    return { code: this.code, zh: this.zh, en: this.en };
  }
}

/** Any thrown thing as words for the person; what nobody foresaw keeps its own message for the report. */
export function refusalOf(thrown: unknown): Refusal {
  if (thrown instanceof BridgeError) return thrown.refusal;
  const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return { code: 'unforeseen', zh: `程序出错：${message}`, en: `Something went wrong: ${message}` };
}
