// The top of a page: the way up, the title (which takes the focus after a change of page), and what stands beside it.

import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { messages } from '../i18n/index.ts';

interface PageHeadProps {
  title: string;
  /** Where up leads, with its name. Left out on the pages of the bottom bar. */
  up?: { href: string; text: string };
  children?: ComponentChildren;
}

/** The first page of all leaves the focus where the browser put it. */
let firstPage = true;

/** Ref for the heading of a page: names the window and takes the focus when the page is changed. */
export function usePageTitle(title: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${messages.value.app.name}`;
  }, [title]);
  useEffect(() => {
    if (!firstPage) heading.current?.focus({ preventScroll: true });
    firstPage = false;
  }, []);
  return heading;
}

export function PageHead({ title, up, children }: PageHeadProps) {
  const heading = usePageTitle(title);
  return (
    <header class="page-head">
      {up && <UpLink href={up.href} text={up.text} />}
      <h1 ref={heading} tabIndex={-1}>{title}</h1>
      {children}
    </header>
  );
}

/** One level up, not "back": the same place however the person came here. */
export function UpLink({ href, text }: { href: string; text: string }) {
  return (
    <a class="up" href={href} data-up="">
      <svg viewBox="0 0 12 20" aria-hidden="true"><path d="M9 3 3 10l6 7" /></svg>
      <span>{text}</span>
    </a>
  );
}

/** The small arrow that says a line leads somewhere. */
export function Onward() {
  return <span class="onward" aria-hidden="true"><svg viewBox="0 0 12 20"><path d="m3 3 6 7-6 7" /></svg></span>;
}
