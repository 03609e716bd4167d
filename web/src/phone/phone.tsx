// The phone: its table of pages, and the one question before it, whether somebody is enrolled here.

import type { ComponentChildren } from 'preact';
import { identity } from '../app/answers.ts';
import { ButtonLink, PageHead } from '../app/components/index.ts';
import { enrolCode } from '../app/enrol-code.ts';
import { messages } from '../app/i18n/index.ts';
import { match, path, type Parameters } from '../app/router.ts';
import { AboutPage } from './about/about.tsx';
import { BuildingPage } from './building/building.tsx';
import { DoorPage } from './door/door.tsx';
import { EnrolPage } from './enrol/enrol.tsx';
import { EditVisitPage, NewVisitPage } from './form/form-pages.tsx';
import { HomePage } from './home/home.tsx';
import { MinePage } from './mine/mine.tsx';
import { PickPage } from './pick/pick.tsx';
import { Shell } from './shell/shell.tsx';
import { TodoPage } from './todo/todo.tsx';
import { VisitPage } from './visit/visit.tsx';

interface Page {
  pattern: string;
  show: (given: Parameters) => ComponentChildren;
  /** The form holds Save where the bottom bar would stand. */
  bare?: boolean;
}

const PAGES: readonly Page[] = [
  { pattern: '/', show: () => <HomePage /> },
  { pattern: '/b/:building', show: ({ building = '' }) => <BuildingPage building={building} /> },
  { pattern: '/door/:id', show: ({ id = '' }) => <DoorPage door={id} /> },
  { pattern: '/visit/new', show: () => <PickPage /> },
  { pattern: '/visit/new/:door', show: ({ door = '' }) => <NewVisitPage door={door} />, bare: true },
  { pattern: '/visit/:id', show: ({ id = '' }) => <VisitPage visit={id} /> },
  { pattern: '/visit/:id/edit', show: ({ id = '' }) => <EditVisitPage visit={id} />, bare: true },
  { pattern: '/todo', show: () => <TodoPage /> },
  { pattern: '/mine', show: () => <MinePage /> },
  { pattern: '/about', show: () => <AboutPage /> },
];

export function Phone() {
  const here = path.value;
  const enrolling = identity.value === null || enrolCode.value !== null || match('/enrol', here) !== null;
  if (enrolling && !match('/about', here)) return <Shell bar={false}><EnrolPage /></Shell>;
  for (const page of PAGES) {
    const given = match(page.pattern, here);
    // The key is the path: another door is another page, drawn anew, and its heading takes the focus.
    if (given) return <Shell bar={!page.bare && Boolean(identity.value)}><div key={here}>{page.show(given)}</div></Shell>;
  }
  return <Shell bar><NoPage /></Shell>;
}

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
