// The words for what the worker itself cannot do. What the server refuses comes with the server's words.

import { BridgeError } from '../bridge/error.ts';

export const notEnrolled = (): BridgeError => new BridgeError({
  code: 'not_enrolled', zh: '这台手机还没有登记，请用登记码登记', en: 'This phone is not enrolled yet; please enrol it with a code',
});

export const offline = (): BridgeError => new BridgeError({
  code: 'offline', zh: '现在没有信号，等有信号再试', en: 'There is no signal now; please try again when there is',
});

type Doing = 'reading' | 'writing';

export const storeFull = (): BridgeError => new BridgeError({
  code: 'store_full', zh: '手机存储已满，没有存上。写的字还在屏幕上，先别关这一页：删些照片、视频或微信缓存，再存一次',
  en: 'The phone is full and this was not saved. Your words are still on the screen; keep this page open, delete some photos, videos or chat caches, and save once more',
});

export const storeUnavailable = (cause: unknown, doing: Doing): BridgeError => {
  const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return doing === 'writing'
    ? new BridgeError({
      code: 'store_unavailable', zh: `手机存储出错，没有存上；写的字还在屏幕上，请再试一次（${why}）`,
      en: `The phone's store failed and this was not saved; your words are still on the screen, please try again (${why})`,
    })
    : new BridgeError({
      code: 'store_unavailable', zh: `手机存储读不出来，请再试一次；还不行就关掉楼道重新打开（${why}）`,
      en: `The phone's store cannot be read; please try again, or else close the app and open it anew (${why})`,
    });
};

/** It neither succeeded nor failed; a save that is asked again is written once. */
export const storeSilent = (doing: Doing): BridgeError => (doing === 'writing'
  ? new BridgeError({
    code: 'store_silent', zh: '手机存储没有回应，不能说已经存上；写的字还在屏幕上，请再存一次，不会存成两份',
    en: "The phone's store does not answer, so this cannot be called saved; your words are still on the screen, please save once more, it will not be kept twice",
  })
  : new BridgeError({
    code: 'store_silent', zh: '手机存储没有回应，请再试一次；还不行就关掉楼道重新打开，已存的都在',
    en: "The phone's store does not answer; please try again, or else close the app and open it anew. What was saved is there",
  }));

export const storeBlocked = (): BridgeError => new BridgeError({
  code: 'store_blocked', zh: '另一个窗口里开着旧版的楼道，占着手机存储。请关掉其他楼道窗口，再试一次；已存的都在',
  en: 'An older version of the app is open in another window and holds the store. Please close the other windows and try again; what was saved is there',
});

/** This app is older than the store: it could misread what it does not know, so it touches nothing. */
export const storeNewer = (): BridgeError => new BridgeError({
  code: 'store_newer', zh: '这台手机上的记录是更新的楼道写的，这一版读不了，也一点没动。请到有信号的地方重新打开，换上新版本；记录都在',
  en: 'The records on this phone were written by a newer version; this one cannot read them and has touched nothing. Please open the app again where there is signal and take the new version; the records are all there',
});

/** Another tab took over. Never shown: what was asked is asked again of the one that leads. */
export const noLongerLeading = (): BridgeError => new BridgeError({
  code: 'no_longer_leading', zh: '另一个窗口接手了，请再试一次', en: 'Another window has taken over; please try again',
});

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
  code: 'unsent_work', zh: '这台手机上还有没送到平台的走访或救援文件。先送完才能退出或重新登记；平台不收的救援文件，请存成文件，再从这里去掉',
  en: 'This phone still holds visits or rescue files that have not reached the office. Please send them before leaving or enrolling again; save a rescue file that the office does not take, then remove it here',
});

export const storeEmptied = (): BridgeError => new BridgeError({
  code: 'store_emptied', zh: '浏览器刚清空了手机的存储。没送到的已经放回，没有丢；楼栋和以前的走访联网后重新取回',
  en: 'The browser has just cleared the phone’s store. What was unsent has been put back and is not lost; buildings and past visits come again with signal',
});

export const notARescueFile = (): BridgeError => new BridgeError({
  code: 'not_a_rescue_file', zh: '这不是楼道的救援文件，请选文件名里带 .stairwell 的那个文件',
  en: 'This is not a rescue file of Stairwell; please choose the file with .stairwell in its name',
});

export const newerFile = (): BridgeError => new BridgeError({
  code: 'rescue_version_unknown', zh: '写这个救援文件的应用比这里的新，请把文件留着，更新应用后再导入',
  en: 'The app that wrote this rescue file is newer than this one; please keep the file and import it after an update',
});

export const damagedFile = (): BridgeError => new BridgeError({
  code: 'rescue_damaged', zh: '救援文件不完整，请从原来的手机再存一份，或把文件再传一次',
  en: 'This rescue file is incomplete; please save it again on its phone, or pass it on again',
});

export const nothingToRescue = (): BridgeError => new BridgeError({
  code: 'nothing_to_rescue', zh: '这台手机上没有未送的，不用存', en: 'Everything on this phone has been sent; there is nothing to save',
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
