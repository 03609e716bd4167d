// The entry: looks whether this browser can run the app, finds out who the phone belongs to, and shows their pages.

import { render, type ComponentType } from 'preact';
import { signal } from '@preact/signals';
import '../look/tokens.css';
import '../look/base.css';
import './components/components.css';
import { identity, refusalOf, startAnswers } from './answers.ts';
import { ErrorSentence } from './components/index.ts';
import { enrolCode, takeCode } from './enrol-code.ts';
import { messages, startLanguage } from './i18n/index.ts';
import { LiveRegion } from './live.tsx';
import { startLook } from './look.ts';
import { path, startRouter } from './router.ts';
import { missingFrom, type Missing, type Surroundings } from './support.ts';
import type { Refusal } from '../bridge/types.ts';
import { Phone, preparePage } from '../phone/phone.tsx';

/** The pages of a role. The desk's are loaded when they are first needed; a phone has no time for that. */
const pages = signal<{ role: string; Pages: ComponentType } | undefined>(undefined);
const failure = signal<Refusal | undefined>(undefined);

async function choosePages(role: string): Promise<void> {
  try {
    const Pages = role === 'community_supervisor'
      ? (await import('../desk/desk.tsx')).Desk
      : Phone;
    pages.value = { role, Pages };
  } catch (error) {
    failure.value = refusalOf(error);
  }
}

/** Whose pages: an enrolment link is answered by the phone's, whoever is enrolled. Undefined until the worker has said. */
function roleOf(): string | undefined {
  if (identity.value === undefined) return undefined;
  return enrolCode.value === null ? (identity.value?.person.role ?? 'nobody') : 'nobody';
}

/** Before the pages are known the boot words of `index.html` stand; they are replaced, never overlaid. */
function App() {
  const role = roleOf();
  if (role !== undefined && pages.value?.role !== role && !failure.value) void choosePages(role);
  const Pages = pages.value?.Pages;
  return (
    <>
      {Pages && !failure.value ? <Pages key={pages.value?.role} /> : <Opening />}
      <LiveRegion />
    </>
  );
}

/** The boot words of `index.html` again, until the pages are here; or why they cannot come. */
function Opening() {
  if (failure.value) {
    return (
      <main class="page">
        <header class="page-head"><h1>{messages.value.errors.title}</h1></header>
        <ErrorSentence error={failure.value} onAgain={() => location.reload()} />
      </main>
    );
  }
  return (
    <main class="boot">
      <h1 class="boot-name">{messages.value.app.name}</h1>
      <p>{messages.value.app.opening}</p>
    </main>
  );
}

function TooOld({ missing }: { missing: readonly Missing[] }) {
  const words = messages.value.support;
  return (
    <main class="page">
      <header class="page-head"><h1>{words.title}</h1></header>
      {!missing.includes('secure_context') && <p>{words.what}</p>}
      <ul class="section second">{missing.map((each) => <li key={each}>{words[each]}</li>)}</ul>
    </main>
  );
}

async function start(): Promise<void> {
  // First of all, so that the code is out of the address bar whatever happens next.
  takeCode();
  // A link pasted into the address bar of the open app changes only the fragment; it is taken as if newly opened.
  addEventListener('hashchange', () => { if (location.hash.startsWith('#enrol=')) location.reload(); });
  const root = document.getElementById('app');
  if (!root) return;
  const missing = missingFrom(globalThis as unknown as Surroundings);
  // The worker starts while this page draws itself for the first time.
  const started = missing.length > 0 ? Promise.resolve() : startAnswers(() => preparePage(path.peek()));
  startLanguage();
  startLook();
  root.replaceChildren();
  if (missing.length > 0) {
    render(<TooOld missing={missing} />, root);
    return;
  }
  startRouter((to) => void preparePage(to));
  render(<App />, root);
  try {
    await started;
  } catch (error) {
    failure.value = refusalOf(error);
  }
}

void start();
