// The scrolled part of a list page, under its head.

import type { ComponentChildren, RefObject } from 'preact';

interface ListScrollProps {
  label: string;
  box?: RefObject<HTMLDivElement | null>;
  children: ComponentChildren;
}

export function ListScroll({ label, box, children }: ListScrollProps) {
  return (
    // What scrolls must be reachable by the keyboard even when it holds no link.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div class="list-scroll" ref={box} tabIndex={0} role="region" aria-label={label}>{children}</div>
  );
}
