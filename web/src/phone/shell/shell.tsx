// What stands around every page of the phone: the skip link, the calm strip and the bottom bar.

import type { ComponentChildren } from 'preact';
import { status } from '../../app/answers.ts';
import { Mark, Onward } from '../../app/components/index.ts';
import { messages } from '../../app/i18n/index.ts';
import { hadOther, lost } from '../../app/lost.ts';
import { path } from '../../app/router.ts';
import { hereOf, stripOf, type Place } from './shell-model.ts';
import './shell.css';

interface ShellProps {
  /** False on the form, whose own bar holds Save in the same place. */
  bar: boolean;
  children: ComponentChildren;
}

export function Shell({ bar, children }: ShellProps) {
  const words = messages.value;
  return (
    <div class={`shell ${bar ? '' : 'shell-bare'}`}>
      <a class="skip" href="#content" onClick={(event) => { event.preventDefault(); document.getElementById('content')?.focus(); }}>
        {words.app.skip}
      </a>
      <main id="content" tabIndex={-1}>{children}</main>
      {bar && (
        <footer class="foot">
          <LostCall />
          <Strip />
          <Bar />
        </footer>
      )}
    </div>
  );
}

/** The way to what was lost, until the person has seen to it. */
function LostCall() {
  if ((!lost.value && !hadOther.value) || path.value === '/lost') return null;
  const words = messages.value.lost;
  return <a class="lost-call" href="/lost">{lost.value ? words.line : words.formerLine}<Onward /></a>;
}

/** Being offline is ordinary: a line of text that says what is safe. Nothing stands here when there is nothing to say. */
export function Strip() {
  const text = stripOf(status.value, messages.value);
  if (!text) return null;
  return <p class="strip">{text.mark && <Mark mark={text.mark} words={false} />}{text.sentence}</p>;
}

function Bar() {
  const words = messages.value.bar;
  const here = hereOf(path.value);
  return (
    <nav class="bar" aria-label={words.label}>
      <ul>
        <li><BarLink href="/" place="buildings" here={here.place} text={words.buildings} /></li>
        <li><BarLink href="/todo" place="todo" here={here.place} text={words.todo} /></li>
        <li><a class="bar-visit" href={here.visitPath}><span aria-hidden="true">＋</span>{words.visit}</a></li>
        <li><BarLink href="/mine" place="mine" here={here.place} text={words.mine} notice={status.value?.update_ready ? words.update : undefined} /></li>
      </ul>
    </nav>
  );
}

/** Small line drawings: the block, the list, the person. */
const DRAWINGS: Record<Place, string> = {
  buildings: 'M5 21V4.5h9V21M14 10h5v11M3 21h18M8.5 8.5h2M8.5 12.5h2M8.5 16.5h2',
  todo: 'M9.5 6H20M9.5 12H20M9.5 18H20M4 6l1.2 1.2L7.5 5M4 12l1.2 1.2L7.5 11M4.5 18h1.5',
  mine: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.8-3.5 3.8-5.5 7.5-5.5s6.7 2 7.5 5.5',
};

interface BarLinkProps { href: string; place: Place; here: Place | undefined; text: string; notice?: string }

/** A notice is a point of light at the drawing, with its words for a screen reader; it asks, it does not press. */
function BarLink(props: BarLinkProps) {
  return (
    <a class="bar-link" href={props.href} aria-current={props.place === props.here ? 'page' : undefined}>
      <svg viewBox="0 0 24 24" aria-hidden="true"><path d={DRAWINGS[props.place]} /></svg>
      {props.text}
      {props.notice && <span class="bar-notice"><span class="visually-hidden">{props.notice}</span></span>}
    </a>
  );
}
