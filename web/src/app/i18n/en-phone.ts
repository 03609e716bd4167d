// Every sentence of the phone's pages, in English.

import type { phone as source } from './zh-phone.ts';

export const phone: typeof source = {
  bar: { label: 'Main pages', buildings: 'Buildings', todo: 'To do', visit: 'Visit', mine: 'Me' },
  strip: {
    offline: 'Offline',
    onPhone: (count) => `${count} on this phone, safe`,
    nothingWaiting: 'works as usual',
    sending: (count) => `Sending ${count}`,
    arrived: 'All at the office',
  },
  enrol: {
    title: 'Enrol this phone',
    lead: 'Open the enrolment link your supervisor sent, and this phone is yours. The link is good for ten minutes and works once.',
    working: 'Enrolling, and fetching your buildings…',
    welcome: (name, community) => `Hello ${name}. This is ${community}.`,
    paste: 'Or paste the link or code here',
    start: 'Enrol',
    offline: 'There is no network now; enrolling needs it once. The link is not used up, and enrolling goes on by itself when the network is back.',
    again: 'Try again',
    noCode: 'No code was found in what you pasted. Please copy the whole link.',
    already: (name) => `This phone is enrolled for ${name}`,
    alreadyHint: 'The new link has not been used. To change to its person, let this phone leave first.',
    alreadyWaiting: (count) => `${count} records have not reached the office. Send them before leaving.`,
    keep: 'Keep as it is',
    change: 'Leave and change',
    weChat: 'You opened this page inside WeChat. Tap “…” at the top right, choose “Open in browser”, and enrol there. Inside WeChat, records may be cleared with the chat cache.',
    anyway: 'Enrol here anyway',
  },
};
