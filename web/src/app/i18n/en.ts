// Every sentence of the shell and the phone, in English.

import { phone } from './en-phone.ts';
import { rescue } from './en-rescue.ts';
import type { Messages } from './zh.ts';

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

/** As British English writes them short. */
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sept', 'Oct', 'Nov', 'Dec'];

export const en: Messages = {
  language: 'en-GB',
  app: {
    name: 'Stairwell',
    skip: 'Skip to content',
    opening: 'Opening…',
    reading: 'Reading what is on this phone…',
    listSeparator: ', ',
    sentenceEnd: '. ',
  },
  marks: {
    on_phone: 'On this phone',
    sending: 'Sending',
    on_server: 'At the office',
    seen: 'Read',
    held: 'In the tray',
    refused: 'Not taken, kept here',
  },
  lights: { lit: 'Seen lately', due: 'Due', dark: 'Never visited' },
  time: {
    date: (month, day, year) => [day, MONTHS[month - 1], year].filter((part) => part !== undefined).join(' '),
    today: 'today',
    yesterday: 'yesterday',
    daysAgo: (days) => `${plural(days, 'day', 'days')} ago`,
    daysLeft: (days) => (days === 0 ? 'due today' : `${plural(days, 'day', 'days')} left`),
    daysOver: (days) => `${plural(days, 'day', 'days')} over`,
    never: 'never visited',
    justNow: 'just now',
    minutesAgo: (minutes) => `${minutes} min ago`,
  },
  address: {
    building: (name) => (/^[0-9]+$/.test(name) ? `Bldg ${name}` : name),
    unit: (name) => (/^[0-9]+$/.test(name) ? `Unit ${name}` : name),
    floor: (floor) => `Floor ${floor}`,
  },
  people: {
    me: 'me',
    unknown: 'unknown',
    age: (years) => `${years} years`,
    born: (year) => `born ${year}`,
    words: (name) => `${name} wrote: `,
    legend: 'Colour and line show who wrote what',
  },
  codes: {
    outcomes: {
      met: 'Met', no_answer: 'No answer', phone: 'By phone', declined: 'Not a good time', no_need: 'Nothing needed',
      has_matter: 'Matter raised',
    },
    purposes: {
      routine: 'Routine visit', care: 'Care visit', survey: 'Survey', safety: 'Safety check', follow_up: 'Follow-up',
    },
    tags: {
      empty_nest: 'Empty nest', left_behind_child: 'Left-behind child', minor: 'Minor', disabled: 'Disabled',
      aged: 'Aged', lives_alone: 'Lives alone',
    },
    checks: { gas: 'Gas', wiring: 'Wiring', fire_exit: 'Stairs clear', water: 'Water' },
  },
  checkValues: { ok: 'Fine', problem: 'Problem' },
  reviewStates: { waiting: 'Waiting', accepted: 'Accepted', asked_back: 'Asked back' },
  fields: {
    outcome: 'Result', purpose: 'Purpose', note: 'Note', checks: 'Checks', met: 'Persons met', comment: 'Comment',
    door: 'Door', by: 'Visited by', at: 'Time', reviewer: 'Reviewed by',
    state: 'Review', settle: 'Use this one',
    twoValues: (field) => `“${field}” was filled in two ways; both are kept. Please choose one.`,
    wroteBy: (name) => `by ${name}`,
    settled: 'Settled; the other stays in the history.',
    together: (names) => names.join(', '),
  },
  held: {
    malformed: 'It was damaged on the way',
    too_large: 'It is larger than the office takes',
    too_many_operations: 'It holds more changes than the office takes',
    foreign_actor: 'The office sees that this phone did not write it',
    sequence_gap: 'One before it has not reached the office',
    sequence_taken: 'The office has another in its place; this phone may have been copied',
    waits: 'It follows one that has not been taken in yet',
    unknown_kind: 'The office does not know this kind of record yet',
    kind_mismatch: 'At the office it is another kind of record',
    feed_not_yours: 'This door is no longer in your grid; the record is at the office and waits for a supervisor',
    field_not_allowed: 'It holds a field that is not yours to fill',
    not_readable: 'The office cannot read the result',
    harmful: 'The office failed on it and has set it apart',
    sender_gone: 'The phone that wrote it is no longer in use, or its person is gone; the supervisor decides',
    tray_full: 'The tray of this phone is full; please tell your supervisor',
  },
  errors: {
    title: 'That did not work',
    unknown: 'Something unforeseen happened. What you wrote is on this phone; you can try again.',
    again: 'Try again',
    noPage: 'No such page',
    noPageHint: 'The address may be mistyped, or the page was renamed.',
    home: 'To the buildings',
  },
  support: {
    title: 'This browser cannot run Stairwell yet',
    secure_context: 'The address does not start with https, so the browser lets nothing be kept here. Open the https address your supervisor gave you.',
    storage: 'The browser lets this page keep nothing, perhaps because of a private window. Open it in a normal window.',
    worker: 'The browser is too old to work in the background.',
    locks: 'The browser is too old to keep two windows from writing at once.',
    compression: 'The browser is too old to compress what is sent.',
    engine: 'The browser is too old for the program that merges records.',
    what: 'Please update the browser, or open the same link in a new Chrome, Edge, Safari or Huawei Browser. Records already on this phone are not lost.',
  },
  ...phone,
  ...rescue,
};
