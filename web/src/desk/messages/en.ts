// Every sentence of the desk, in English.

import type { Messages } from './zh.ts';

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

export const en: Messages = {
  pages: { overview: 'Overview', visits: 'Visits', doors: 'Doors', tray: 'Tray', phones: 'Phones' },
  navigation: 'Desk',
  titles: { overview: 'Overview', visits: 'Visits', doors: 'Doors', tray: 'Tray', phones: 'Phones', visit: 'Visit' },
  asOf: (time) => `As of ${time}`,
  unheard: (count) => (count === 0 ? 'Every phone was heard today' : `${plural(count, 'phone', 'phones')} not yet heard`),
  unheardWhy: 'These phones have not been online for a while. Visits may still be on them, so the numbers can grow.',
  reading: 'Reading…',
  readAgain: 'Read again',
  more: (left) => `Read more (${left} left)`,
  total: (count) => `${count} in all`,
  totalDoors: (count) => `${count} doors in all`,
  numbers: {
    doors: 'Doors', visited_doors: 'Doors visited', no_answer_doors: 'Doors not met', never_visited_doors: 'Doors never visited',
    visits: 'Visits', waiting_review: 'Waiting for review', tray: 'In the tray', phones_silent: 'Phones silent',
  },
  skyline: {
    title: 'Windows of every building',
    lit: 'Lit: seen lately', due: 'Dim: due', dark: 'Dark: never visited',
    building: (name, lit, doors) => `${name}: ${doors} doors, ${lit} seen lately`,
  },
  latest: 'Latest arrivals',
  latestAll: 'All visits',
  filters: {
    title: 'Filters',
    grid: 'Grid', building: 'Building', door: 'Door', worker: 'Worker', purpose: 'Purpose', outcome: 'Outcome', tag: 'Care tag',
    review: 'Review', from: 'From', to: 'To', text: 'Text', seen: 'Seen',
    textHint: 'Words in the note', doorHint: 'Door, resident, remark',
    all: 'Any', clear: 'Clear filters',
    active: (count) => plural(count, 'filter', 'filters'),
  },
  seen: { visited: 'Visited', no_answer: 'Not met', never: 'Never visited' },
  columns: {
    arrived: 'Arrived', at: 'Visited at', door: 'Door', by: 'By', purpose: 'Purpose', outcome: 'Outcome', note: 'Note',
    review: 'Review', tags: 'Care tags', persons: 'Residents', lastVisit: 'Last visit', plan: 'Interval',
    phone: 'Carried by', lastExchange: 'Last heard', clock: 'Phone clock', version: 'App version', state: 'State',
  },
  fresh: 'Newly merged',
  conflict: 'Two values',
  none: {
    visits: 'No visit fits these filters', visitsHint: 'Loosen a filter, or clear them.',
    doors: 'No door fits these filters', doorsHint: 'Loosen a filter, or clear them.',
    tray: 'Nothing in the tray', trayHint: 'A change that could not be taken in waits here with its reason; none is lost.', setAside: 'Nothing was set aside',
    phones: 'No phone is enrolled yet', phonesHint: 'Phones enrolled by a link are listed here.',
    note: 'No note was written', opened: 'Choose a visit on the left', openedHint: 'j and k move, Enter opens, Esc closes.',
  },
  visit: {
    close: 'Close', at: 'Visited', by: (name) => `visited by ${name}`, arrived: 'Arrived',
    note: 'Note', noteThen: (time, name) => `After ${name}'s change, ${time}`, now: 'Back to now',
    checks: 'Checks', met: 'Persons met', history: 'History', historyHint: 'Choose a step to read the note as it stood',
    rowOnly: 'Only the summary is here; the whole comes when there is a connection.',
    absent: 'This visit was not found', absentHint: 'It may not have reached the office, or it belongs to another community.',
    conflicts: 'Two people wrote different values. Both are kept; please choose one',
    keep: (value) => `Keep “${value}”`,
    settling: 'Settling…',
  },
  wrote: {
    made: 'made the visit', note: 'wrote the note', outcome: 'set the outcome', purpose: 'set the purpose', checks: 'set checks',
    met: 'set persons met', 'review/state': 'reviewed', 'review/comment': 'commented', other: 'changed',
  },
  verdict: {
    title: 'Comment and review', comments: 'Comment', write: 'Write a comment; the worker reads it on the phone',
    accept: 'Accept', askBack: 'Ask back', comment: 'Comment only', askBackHint: 'When asking back, say what is missing.',
    sent: 'Written; on its way to the office.',
    by: (name, time) => `${name}, ${time}`,
    failed: 'That did not work. What you wrote is still here.',
  },
  tray: {
    hint: 'Changes that were not taken in directly wait here as they came. Admit merges one; set aside keeps it without merging.',
    who: (name, time) => `From ${name}'s phone, ${time}`,
    words: 'What it says', writtenAt: (time) => `Written ${time}`, unreadable: 'Its content cannot be read; only the reason is known.', noText: 'There is no text in it.', deleted: 'deleted',
    admit: 'Admit', setAside: 'Set aside', admitted: 'Admitted', setAsideDone: 'Set aside',
    size: (bytes) => `${bytes} bytes`,
    unknownDoor: 'Door unknown', waiting: 'Waiting', set_aside: 'Set aside', which: 'Which',
  },
  doors: {
    every: (days) => `Every ${plural(days, 'day', 'days')}`, open: (door) => `Visits to ${door}`, person: (count) => plural(count, 'person', 'persons'),
    never: 'Never visited',
  },
  phones: {
    hint: 'A silent phone may still carry visits. Ask its owner whether there is signal; there is no need to press.',
    states: { heard: 'Heard today', unheard: 'Not yet today', silent: 'Silent', never: 'Not heard yet' },
    clockGood: 'Right', clockAhead: (text) => `${text} fast`, clockBehind: (text) => `${text} slow`,
    clockUnknown: 'Unknown', minutes: (count) => plural(count, 'minute', 'minutes'), hours: (count) => plural(count, 'hour', 'hours'),
    days: (count) => plural(count, 'day', 'days'),
  },
  person: { unknown: 'Unknown person' },
  language: '中文',
  about: 'What this system does not do',
  look: { toDark: 'Dark', toLight: 'Light' },
};
