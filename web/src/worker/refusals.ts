// The words for what the worker itself cannot do. What the server refuses comes with the server's words.

import { BridgeError } from '../bridge/error.ts';

export const notEnrolled = (): BridgeError => new BridgeError({
  code: 'not_enrolled', zh: '这台手机还没有登记，请用登记码登记', en: 'This phone is not enrolled yet; please enrol it with a code',
});

export const offline = (): BridgeError => new BridgeError({
  code: 'offline', zh: '现在没有信号，等有信号再试', en: 'There is no signal now; please try again when there is',
});

export const storeUnavailable = (cause: unknown): BridgeError => {
  const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  const full = cause instanceof DOMException && cause.name === 'QuotaExceededError';
  return full
    ? new BridgeError({ code: 'store_full', zh: '手机存储已满，没有存上', en: 'The phone is full; this was not saved' })
    : new BridgeError({ code: 'store_unavailable', zh: `手机存储打不开，没有存上（${why}）`, en: `The phone's store did not open; this was not saved (${why})` });
};

export const unknownDoor = (): BridgeError => new BridgeError({
  code: 'unknown_door', zh: '这台手机上没有这一户', en: 'This phone does not know this door',
});

export const unknownVisit = (): BridgeError => new BridgeError({
  code: 'unknown_visit', zh: '这台手机上没有这次走访，等有信号再打开', en: 'This phone does not have this visit; please open it when there is signal',
});

export const notWhole = (): BridgeError => new BridgeError({
  code: 'not_whole', zh: '这次走访的全文还没有到手机上，等有信号再改', en: 'The full visit has not reached this phone; please edit it when there is signal',
});

export const tooLong = (): BridgeError => new BridgeError({
  code: 'too_large', zh: '写得太长，没有存上，请分成两次走访来写', en: 'This is too long and was not saved; please write it as two visits',
});

export const notReady = (): BridgeError => new BridgeError({
  code: 'not_ready', zh: '程序还没有全部下载到手机，写的内容已经留着，到有信号的地方再存一次', en: 'The app is not fully on this phone yet; what you wrote is kept, please save it once more where there is signal',
});

export const unsentWork = (): BridgeError => new BridgeError({
  code: 'unsent_work', zh: '这台手机上还有没送到平台的走访，先送完，才能退出或重新登记', en: 'This phone still holds visits that have not reached the office; please send them before leaving or enrolling again',
});

export const unreadableAnswer = (): BridgeError => new BridgeError({
  code: 'unreadable_answer', zh: '平台的回答读不懂，稍后会再试', en: 'The answer could not be read; it will be tried again',
});

export const notUnderstood = (reason: string): BridgeError => new BridgeError({
  code: reason, zh: `平台没有读懂送去的一部分（${reason}），没收下的还在本机，稍后会再试`,
  en: `The office could not read part of what was sent (${reason}); what it did not take is still on this phone and will be tried again`,
});

export const serverSays = (status: number): BridgeError => new BridgeError({
  code: `http_${status}`, zh: `平台没有答应（${status}）`, en: `The office refused (${status})`,
});
