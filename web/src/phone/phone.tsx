// The phone: its table of pages.

import type { ComponentChildren } from 'preact';
import { identity } from '../app/answers.ts';
import { ButtonLink, EmptyState, PageHead } from '../app/components/index.ts';
import { messages } from '../app/i18n/index.ts';
import { match, path } from '../app/router.ts';
import { BuildingPage } from './building/building.tsx';
import { HomePage } from './home/home.tsx';
import { Shell } from './shell/shell.tsx';

export function Phone() {
  const { page, bar } = pageAt(path.value);
  return <Shell bar={bar}>{page}</Shell>;
}

interface Shown { page: ComponentChildren; bar: boolean }

/** The page of a path. Its key is the path, so that another door is another page and takes the focus. */
function pageAt(here: string): Shown {
  const shown = (page: ComponentChildren, bar = true): Shown => ({ page, bar });
  void identity;
  const building = match('/b/:building', here);
  if (building?.building) return shown(<BuildingPage key={here} building={building.building} />);
  if (here === '/') return shown(<HomePage />);
  return shown(<NoPage />);
}

function NoPage() {
  const words = messages.value.errors;
  return (
    <div class="page">
      <PageHead title={words.noPage} />
      <EmptyState title={words.noPageHint}><ButtonLink href="/">{words.home}</ButtonLink></EmptyState>
    </div>
  );
}
