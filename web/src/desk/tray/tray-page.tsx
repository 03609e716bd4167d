// The tray 待处理: changes that were not taken in, each with its reason, to admit or to set aside.

import { useState } from 'preact/hooks';
import { bridge, refusalOf } from '../../app/answers.ts';
import { Button, EmptyState, ErrorSentence, fieldText, valueText } from '../../app/components/index.ts';
import { language, messages } from '../../app/i18n/index.ts';
import { announce } from '../../app/live.tsx';
import { query } from '../../app/router.ts';
import { momentText } from '../../app/time.ts';
import type { Refusal } from '../../bridge/types.ts';
import { ListScroll } from '../list-scroll.tsx';
import { words } from '../messages/index.ts';
import type { TrayEntry } from '../model/answers.ts';
import { whatIsSet } from '../model/tray.ts';
import { doorName } from '../model/words.ts';
import { readAgain, useRoute } from '../reading.ts';

interface TrayAnswer {
  as_of: number;
  rows: TrayEntry[];
}

/** Which part of the tray is shown; in the address, so that a link and a reload show the same. */
type State = 'waiting' | 'set_aside';

export function TrayPage() {
  const text = words.value;
  const state: State = new URLSearchParams(query.value).get('state') === 'set_aside' ? 'set_aside' : 'waiting';
  const { value, error } = useRoute<TrayAnswer>(`/api/desk/tray?state=${state}`).value;
  return (
    <div class="visits">
      <div class="list-head">
        <h1>{text.titles.tray}</h1>
        <p class="second">{text.tray.hint}</p>
        <nav class="tray-states" aria-label={text.tray.which}>
          <a href="/tray" aria-current={state === 'waiting' ? 'true' : undefined}>{text.tray.waiting}</a>
          <a href="/tray?state=set_aside" aria-current={state === 'set_aside' ? 'true' : undefined}>{text.tray.set_aside}</a>
        </nav>
        <ErrorSentence error={error} onAgain={readAgain} />
      </div>
      <ListScroll label={text.titles.tray}>
        {value?.rows.length === 0 && (
          <EmptyState title={state === 'waiting' ? text.none.tray : text.none.setAside}><p>{text.none.trayHint}</p></EmptyState>
        )}
        <ul class="tray">{value?.rows.map((entry) => <Entry key={entry.id} entry={entry} state={state} />)}</ul>
      </ListScroll>
    </div>
  );
}

function Entry({ entry, state }: { entry: TrayEntry; state: State }) {
  const text = words.value.tray;
  const [working, setWorking] = useState(false);
  const [error, setError] = useState<Refusal | undefined>(undefined);
  const act = async (action: 'admit' | 'set-aside', said: string): Promise<void> => {
    setWorking(true);
    setError(undefined);
    try {
      await bridge.call('post', { path: `/api/desk/tray/${encodeURIComponent(entry.id)}/${action}` });
      announce(said);
      readAgain();
    } catch (thrown) {
      setError(refusalOf(thrown));
    }
    setWorking(false);
  };
  return (
    <li class="tray-entry">
      <div class="tray-what">
        <h2>{reasonText(entry)}</h2>
        <p class="second">
          {entry.door ? doorName(entry.door) : text.unknownDoor}
          {' · '}
          {text.who(entry.person.name || words.value.person.unknown, momentText(entry.received_at, Date.now(), messages.value))}
          {' · '}
          {text.size(entry.bytes.toLocaleString(language.value))}
        </p>
      </div>
      <Content entry={entry} />
      <div class="tray-buttons">
        <Button tone="lamp" disabled={working} onClick={() => void act('admit', text.admitted)}>{text.admit}</Button>
        {state === 'waiting' && (
          <Button disabled={working} onClick={() => void act('set-aside', text.setAsideDone)}>{text.setAside}</Button>
        )}
      </div>
      <ErrorSentence error={error} />
    </li>
  );
}

/** What the sender wrote, for a person to judge by. */
function Content({ entry }: { entry: TrayEntry }) {
  const text = words.value.tray;
  const { words: said = [], written_at: writtenAt } = entry;
  const { set, met } = whatIsSet(entry);
  const isEmpty = said.length + set.length + met === 0;
  if (isEmpty && writtenAt === undefined) return <p class="third">{text.unreadable}</p>;
  return (
    <div class="tray-content" role="group" aria-label={text.words}>
      {writtenAt !== undefined && <p class="second">{text.writtenAt(timeText(writtenAt))}</p>}
      {isEmpty && <p class="third">{text.noText}</p>}
      {set.length + met > 0 && (
        <dl class="pane-list">
          {set.map(([path, value]) => <div key={path}><dt>{fieldText(path)}</dt><dd>{setText(path, value)}</dd></div>)}
          {met > 0 && <div><dt>{fieldText('met')}</dt><dd>{words.value.doors.person(met)}</dd></div>}
        </dl>
      )}
      {said.map((each, index) => <p key={index}>{each}</p>)}
    </div>
  );
}

/** The last moment that a `Date` can name; a phone may have written any number. */
const LATEST_MS = 8.64e15;

function setText(path: string, value: string): string {
  if (value === '') return words.value.tray.deleted;
  const isTime = (path === 'at' || path === 'review/at') && Math.abs(Number(value)) <= LATEST_MS;
  return isTime ? timeText(Number(value)) : valueText(path, value);
}

function timeText(at: number): string {
  return momentText(at, Date.now(), messages.value);
}

/** The server's own sentence in the reader's language, else the app's, else the code. */
function reasonText({ reason }: TrayEntry): string {
  const served = language.value === 'en' ? reason.en : reason.zh;
  return served || (messages.value.held[reason.code] ?? reason.code);
}
