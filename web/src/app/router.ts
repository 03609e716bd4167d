// Where we are and how we get elsewhere, over the History API. Knows no page: phone and desk each hold their
// own table of patterns. Nothing here reads data.

import { signal } from '@preact/signals';

/** The path being shown, still escaped; `match` decodes its parts. */
export const path = signal(location.pathname);
/** The query being shown, with its `?`, or empty. */
export const query = signal(location.search);

export type Parameters = Record<string, string>;

/** Parameters of a path under a pattern such as `/door/:id`; null when it does not fit. */
export function match(pattern: string, actual: string): Parameters | null {
  const wanted = pattern.split('/').filter(Boolean);
  const given = actual.split('/').filter(Boolean);
  if (wanted.length !== given.length) return null;
  const parameters: Parameters = {};
  for (const [index, part] of wanted.entries()) {
    const value = decode(given[index] ?? '');
    if (value === null) return null;
    if (part.startsWith(':')) parameters[part.slice(1)] = value;
    else if (part !== value) return null;
  }
  return parameters;
}

/** A person may type any address; a broken escape is no page, not an exception. */
function decode(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

interface Entry { id: number; from?: string }

const scrolls = new Map<number, number>();
let entry: Entry = { id: 0 };

/** Goes to a path of this app. `replace` leaves no way back to where we are. */
export function navigate(to: string, options: { replace?: boolean } = {}): void {
  scrolls.set(entry.id, window.scrollY);
  if (options.replace) {
    history.replaceState(entry, '', to);
  } else {
    entry = { id: entry.id + 1, from: path.value };
    history.pushState(entry, '', to);
  }
  show(0);
}

/**
 * Goes up to `parent`: one step back when that is where we came from, so that its scroll place returns.
 * `replace`: where we are is done with (a saved form) and must not be come back to.
 */
export function goUp(parent: string, options: { replace?: boolean } = {}): void {
  if (entry.from === parent) history.back();
  else navigate(parent, options);
}

function show(scroll: number): void {
  query.value = location.search;
  path.value = location.pathname;
  // Twice, because the page is drawn in the first frame and what it holds in the second.
  requestAnimationFrame(() => {
    window.scrollTo(0, scroll);
    if (scroll > 0) requestAnimationFrame(() => window.scrollTo(0, scroll));
  });
}

function linkUnder(event: MouseEvent): HTMLAnchorElement | null {
  return event.target instanceof Element ? event.target.closest('a') : null;
}

function isOurs(link: HTMLAnchorElement, event: MouseEvent): boolean {
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  return plain && link.origin === location.origin && !link.target && !link.hasAttribute('download')
    && !link.pathname.startsWith('/api/');
}

/**
 * Takes over plain clicks on links of this app and the browser's back and forward; `ahead` hears of a link when the
 * finger comes down on it, a tenth of a second before it is a tap. Call once.
 */
export function startRouter(ahead: (path: string) => void): void {
  history.scrollRestoration = 'manual';
  entry = (history.state as Entry | null) ?? { id: 0 };
  history.replaceState(entry, '');
  addEventListener('popstate', (event) => {
    scrolls.set(entry.id, window.scrollY);
    entry = (event.state as Entry | null) ?? { id: 0 };
    show(scrolls.get(entry.id) ?? 0);
  });
  document.addEventListener('pointerdown', (event) => {
    const link = linkUnder(event);
    if (link?.href && isOurs(link, event)) ahead(link.pathname);
  }, { passive: true });
  document.addEventListener('click', (event) => {
    const link = event.defaultPrevented ? null : linkUnder(event);
    if (!link || !link.href || !isOurs(link, event)) return;
    event.preventDefault();
    if (link.dataset.up !== undefined) goUp(link.pathname);
    else navigate(link.pathname + link.search, { replace: link.dataset.replace !== undefined });
  });
}
