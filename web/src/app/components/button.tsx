// A button, or a link that looks like one. Native elements, nothing more.

import type { ButtonHTMLAttributes, ComponentChildren } from 'preact';

export type Tone = 'lamp' | 'plain' | 'quiet' | 'warning';

interface Shared { tone?: Tone; wide?: boolean; children: ComponentChildren; class?: string }
type ButtonProps = Shared & Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'class'>;
interface ButtonLinkProps extends Shared {
  href: string;
  'aria-label'?: string;
  /** Leaves no way back to the page it stands on. */
  'data-replace'?: '';
  onClick?: (event: MouseEvent) => void;
}

function classOf({ tone = 'plain', wide = false, class: extra }: { tone?: Tone; wide?: boolean; class?: string }): string {
  return ['button', `button-${tone}`, wide ? 'button-wide' : '', extra ?? ''].filter(Boolean).join(' ');
}

export function Button({ tone, wide, class: extra, children, ...rest }: ButtonProps) {
  return <button type="button" {...rest} class={classOf({ tone, wide, class: extra })}>{children}</button>;
}

export function ButtonLink({ tone, wide, class: extra, children, ...rest }: ButtonLinkProps) {
  return <a {...rest} class={classOf({ tone, wide, class: extra })}>{children}</a>;
}
