// The desk: the same app on a wide screen, for whoever reads all that was written. Picks the page by the address.

import { useEffect } from 'preact/hooks';
import { enrolCode } from '../app/enrol-code.ts';
import { messages } from '../app/i18n/index.ts';
import { match, path } from '../app/router.ts';
import '../look/desk.css';
import '../look/desk-rows.css';
import '../look/desk-visit.css';
import { AboutPage } from '../phone/about/about.tsx';
import { EnrolPage } from '../phone/enrol/enrol.tsx';
import { MinePage } from '../phone/mine/mine.tsx';
import { LostPage } from '../phone/lost/lost-page.tsx';
import { RescuePage } from '../phone/rescue/rescue-page.tsx';
import { directory, readDirectory } from './directory.ts';
import { DoorsPage } from './doors/doors-page.tsx';
import { Frame } from './frame.tsx';
import { rememberReading } from './looked.ts';
import { words } from './messages/index.ts';
import type { Numbers } from './model/answers.ts';
import { OverviewPage } from './overview/overview-page.tsx';
import { PhonesPage } from './phones/phones-page.tsx';
import { startReading, useRoute, type Reading } from './reading.ts';
import { TrayPage } from './tray/tray-page.tsx';
import { VisitsPage } from './visits/visits-page.tsx';

export function Desk() {
  const reading = useRoute<Numbers>('/api/desk/numbers').value;
  useEffect(startReading, []);
  const asOf = reading.value?.as_of;
  // Asked again with the numbers until it was read once: the first try may have met no network.
  useEffect(() => { if (!directory.value) void readDirectory(); }, [asOf]);
  useEffect(() => { if (asOf !== undefined) rememberReading(asOf); }, [asOf]);
  useEffect(() => { document.title = `${title()} · ${messages.value.app.name}`; });
  const enrolling = enrolCode.value !== null || match('/enrol', path.value) !== null;
  return <Frame numbers={reading.value}>{enrolling ? <EnrolPage /> : page(reading)}</Frame>;
}

function page(numbers: Reading<Numbers>) {
  const here = path.value;
  const visit = match('/visits/:id', here) ?? match('/visit/:id', here);
  if (match('/', here)) return <OverviewPage numbers={numbers} />;
  if (visit) return <VisitsPage opened={visit.id} />;
  if (match('/visits', here)) return <VisitsPage opened={undefined} />;
  if (match('/doors', here)) return <DoorsPage />;
  if (match('/tray', here)) return <TrayPage />;
  if (match('/phones', here)) return <PhonesPage />;
  if (match('/mine', here)) return <MinePage />;
  if (match('/rescue', here)) return <RescuePage up={{ href: '/phones', text: words.value.titles.phones }} />;
  if (match('/lost', here)) return <LostPage up={{ href: '/phones', text: words.value.titles.phones }} />;
  if (match('/about', here)) return <AboutPage />;
  return (
    <div class="list-head">
      <h1>{messages.value.errors.noPage}</h1>
      <p class="second">{messages.value.errors.noPageHint}</p>
      <p><a href="/">{words.value.pages.overview}</a></p>
    </div>
  );
}

function title(): string {
  const here = path.value;
  const titles: Record<string, string> = { ...words.value.titles, mine: messages.value.mine.title, about: messages.value.about.title, rescue: messages.value.rescue.title, lost: messages.value.lost.title };
  if (match('/visits/:id', here) ?? match('/visit/:id', here)) return words.value.titles.visit;
  const name = here.split('/')[1] ?? '';
  return titles[name === '' ? 'overview' : name] ?? messages.value.errors.noPage;
}
