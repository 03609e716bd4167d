// The two ways into the form: a new visit at a door, and an edit of a visit that is there. Loads what the form needs.

import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { VisitDraft } from '../../bridge/types.ts';
import { bridge, identity, refusalOf, useAnswer } from '../../app/answers.ts';
import { Button, ButtonLink, EmptyState, ErrorSentence, PageHead } from '../../app/components/index.ts';
import { messages } from '../../app/i18n/index.ts';
import { useOneTab } from '../../app/one-tab.ts';
import { query } from '../../app/router.ts';
import { shortAddress } from '../address.ts';
import { changedMeanwhile, startEdit, startNew } from './form-model.ts';
import { VisitForm } from './form.tsx';
import { unkeptDraft } from './unkept.ts';

/** The kept draft, read anew each time the form opens; undefined until the store has answered. */
function useKeptDraft(key: string) {
  const kept = useSignal<VisitDraft | null | undefined>(undefined);
  const error = useSignal<ReturnType<typeof refusalOf> | undefined>(undefined);
  useEffect(() => {
    const read = async (): Promise<void> => {
      try {
        kept.value = unkeptDraft(key) ?? await bridge.call('draft', { key });
      } catch (thrown) {
        error.value = refusalOf(thrown);
      }
    };
    void read();
  }, [key]);
  return { kept: kept.value, error: error.value };
}

/** Made once and kept: a form stays open, with its words, over a door or visit that goes from this phone meanwhile. */
function useOnce<T>(make: () => T | null): T | null {
  const made = useRef<T | null>(null);
  made.current ??= make();
  return made.current;
}

/** What was last there. */
function useLast<T>(value: T | null | undefined): T | undefined {
  const last = useRef<T | undefined>(undefined);
  last.current = value ?? last.current;
  return last.current;
}

export function NewVisitPage({ door }: { door: string }) {
  return <InOneTab draft={`door/${door}`} up={`/door/${door}`}><NewVisit door={door} /></InOneTab>;
}

export function EditVisitPage({ visit }: { visit: string }) {
  return <InOneTab draft={`visit/${visit}`} up={`/visit/${visit}`}><EditVisit visit={visit} /></InOneTab>;
}

/** A draft is written in one tab at a time. Where it went elsewhere its words stay in sight, and rest. */
function InOneTab({ draft, up, children }: { draft: string; up: string; children: ComponentChildren }) {
  const { shown, take } = useOneTab(`stairwell draft ${draft}`);
  const words = messages.value.form;
  const { state, turn } = shown.value;
  if (turn === 0) {
    return (
      <Waiting up={up}>
        {state === 'elsewhere' && (
          <EmptyState title={words.elsewhere}>
            <p>{words.elsewhereHint}</p>
            <Button onClick={take}>{words.takeOver}</Button>
          </EmptyState>
        )}
      </Waiting>
    );
  }
  return (
    <>
      {state === 'lost' && (
        <div class="page form-lost" role="status">
          <h1 class="section-title">{words.lost}</h1>
          <Button onClick={take}>{words.takeOver}</Button>
        </div>
      )}
      <div key={turn} inert={state === 'lost'}>{children}</div>
    </>
  );
}

function NewVisit({ door }: { door: string }) {
  const { value: card, error } = useAnswer('door_card', { door }).value;
  const { kept, error: draftError } = useKeptDraft(`door/${door}`);
  const words = messages.value;
  const up = `/door/${door}`;
  // A visit that was lost is written again with the time it had.
  const madeAt = useRef(Number(new URLSearchParams(query.value).get('at'))).current || Date.now();
  const model = useOnce(() => startNew(kept, card, madeAt));
  const shown = useLast(card);
  if (!model) {
    return (
      <Waiting up={up} error={<ErrorSentence error={error ?? draftError} />}>
        {card === null && kept === null && <EmptyState title={words.door.emptyTitle}><p>{words.door.empty}</p></EmptyState>}
      </Waiting>
    );
  }
  return (
    <VisitForm
      start={model}
      title={[shown && shortAddress(shown.door), words.form.title].filter(Boolean).join(' ')}
      up={{ href: up, text: shown?.door.label ?? words.form.title }}
      persons={shown?.persons ?? []}
      meanwhile={[]}
    />
  );
}

function EditVisit({ visit }: { visit: string }) {
  const { value: view, error } = useAnswer('visit', { visit }).value;
  const { kept, error: draftError } = useKeptDraft(`visit/${visit}`);
  const words = messages.value;
  const up = `/visit/${visit}`;
  const model = useOnce(() => startEdit(kept, view, Date.now()));
  const shown = useLast(view);
  if (!model) {
    return (
      <Waiting up={up} error={<ErrorSentence error={error ?? draftError} />}>
        {view === null && <EmptyState title={words.form.gone} />}
        {view && !view.whole && <EmptyState title={words.form.notWhole}><ButtonLink href={up}>{words.visit.title('')}</ButtonLink></EmptyState>}
      </Waiting>
    );
  }
  return (
    <EditForm door={model.draft.door} up={up}>
      {(persons) => (
        <VisitForm
          start={model}
          title={[shown && shortAddress(shown.door), words.form.editTitle].filter(Boolean).join(' ')}
          up={{ href: up, text: words.form.title }}
          persons={persons}
          meanwhile={changedMeanwhile(model.draft, view, identity.value?.person.id ?? '')}
        />
      )}
    </EditForm>
  );
}

/** The persons come from the door's card; without it the form still works, with nobody to tick. */
function EditForm(props: { door: string; up: string; children: (persons: readonly Person[]) => ComponentChildren }) {
  const { value: card, error } = useAnswer('door_card', { door: props.door }).value;
  if (card === undefined && !error) return <Waiting up={props.up} />;
  return <>{props.children(card?.persons ?? [])}</>;
}

type Person = { id: string; name: string };

function Waiting({ up, error, children }: { up: string; error?: ComponentChildren; children?: ComponentChildren }) {
  const words = messages.value;
  return (
    <div class="page">
      <PageHead title={words.form.title} up={{ href: up, text: words.bar.buildings }} />
      {error}
      {children}
    </div>
  );
}
