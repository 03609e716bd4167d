// The phone: its table of pages, and the one question before it, whether somebody is enrolled here.

import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { identity, prepare } from '../app/answers.ts';
import { ButtonLink, PageHead } from '../app/components/index.ts';
import { enrolCode } from '../app/enrol-code.ts';
import { messages } from '../app/i18n/index.ts';
import { topColour } from '../app/look.ts';
import { match, path, type Parameters } from '../app/router.ts';
import { AboutPage } from './about/about.tsx';
import { BuildingPage } from './building/building.tsx';
import { DoorPage } from './door/door.tsx';
import { prepareDoor } from './door/prepare-door.ts';
import { EnrolPage } from './enrol/enrol.tsx';
import { EditVisitPage, NewVisitPage } from './form/form-pages.tsx';
import { HomePage } from './home/home.tsx';
import { LostPage } from './lost/lost-page.tsx';
import { MinePage } from './mine/mine.tsx';
import { PickPage } from './pick/pick.tsx';
import { RescuePage } from './rescue/rescue-page.tsx';
import { Shell } from './shell/shell.tsx';
import { TodoPage } from './todo/todo.tsx';
import { VisitPage } from './visit/visit.tsx';

interface Page {
  pattern: string;
  show: (given: Parameters) => ComponentChildren;
  /** What the page will ask of this phone's own store. Nothing that may wait for the network. */
  ahead?: (given: Parameters) => Promise<unknown>;
  /** The form holds Save where the bottom bar would stand. */
  bare?: boolean;
  /** What the page begins with, when that is not paper. */
  top?: 'sky-high' | 'wall';
}

const PAGES: readonly Page[] = [
  { pattern: '/', show: () => <HomePage />, ahead: () => prepare('buildings', undefined), top: 'sky-high' },
  {
    pattern: '/b/:building', show: ({ building = '' }) => <BuildingPage building={building} />,
    ahead: ({ building = '' }) => prepare('building_face', { building }), top: 'sky-high',
  },
  { pattern: '/door/:id', show: ({ id = '' }) => <DoorPage door={id} />, ahead: ({ id = '' }) => prepareDoor(id), top: 'wall' },
  { pattern: '/visit/new', show: () => <PickPage /> },
  { pattern: '/visit/new/:door', show: ({ door = '' }) => <NewVisitPage door={door} />, bare: true, top: 'wall' },
  { pattern: '/visit/:id', show: ({ id = '' }) => <VisitPage visit={id} /> },
  { pattern: '/visit/:id/edit', show: ({ id = '' }) => <EditVisitPage visit={id} />, bare: true, top: 'wall' },
  { pattern: '/todo', show: () => <TodoPage />, ahead: () => prepare('due', undefined) },
  { pattern: '/mine', show: () => <MinePage /> },
  { pattern: '/rescue', show: () => <RescuePage up={{ href: '/mine', text: messages.value.mine.title }} /> },
  { pattern: '/lost', show: () => <LostPage up={{ href: '/mine', text: messages.value.mine.title }} /> },
  { pattern: '/about', show: () => <AboutPage /> },
];

/** Asks ahead for what the page at this path will show. */
export async function preparePage(to: string): Promise<void> {
  for (const page of PAGES) {
    const given = match(page.pattern, to);
    if (given) return void (await page.ahead?.(given));
  }
}

export function Phone() {
  const here = path.value;
  const enrolling = identity.value === null || enrolCode.value !== null || match('/enrol', here) !== null;
  const shown = enrolling && !match('/about', here) ? ENROL : (PAGES.find((page) => match(page.pattern, here)) ?? NO_PAGE);
  const top = shown.top ?? 'paper';
  useEffect(() => { topColour.value = top; }, [top]);
  // The key is the path: another door is another page, drawn anew, and its heading takes the focus.
  return (
    <Shell bar={!shown.bare && Boolean(identity.value)}>
      <div key={shown === ENROL ? 'enrol' : here}>{shown.show(match(shown.pattern, here) ?? {})}</div>
    </Shell>
  );
}

const ENROL: Page = { pattern: '/enrol', show: () => <EnrolPage />, bare: true, top: 'sky-high' };
const NO_PAGE: Page = { pattern: '', show: () => <NoPage /> };

function NoPage() {
  const words = messages.value.errors;
  return (
    <div class="page">
      <PageHead title={words.noPage} />
      <p class="second">{words.noPageHint}</p>
      <p class="section"><ButtonLink href="/">{words.home}</ButtonLink></p>
    </div>
  );
}
