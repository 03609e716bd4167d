// What stands around every page of the desk: its name, the way to each list, and who sits here.

import type { ComponentChildren } from 'preact';
import { identity } from '../app/answers.ts';
import { chooseLanguage, language, messages } from '../app/i18n/index.ts';
import { chooseLook, look } from '../app/look.ts';
import { lost } from '../app/lost.ts';
import { path } from '../app/router.ts';
import { momentText } from '../app/time.ts';
import { words } from './messages/index.ts';
import type { Numbers } from './model/answers.ts';

interface FrameProps {
  numbers: Numbers | undefined;
  children: ComponentChildren;
}

const PAGES = [
  ['overview', '/'], ['visits', '/visits'], ['doors', '/doors'], ['tray', '/tray'], ['phones', '/phones'],
] as const;

export function Frame({ numbers, children }: FrameProps) {
  const text = words.value;
  return (
    <div class="desk">
      <a class="skip" href="#content" onClick={(event) => { event.preventDefault(); document.getElementById('content')?.focus(); }}>
        {messages.value.app.skip}
      </a>
      <header class="desk-head">
        <p class="desk-name">
          <strong>{messages.value.app.name}</strong> <span class="desk-community">{identity.value?.community.name}</span>
        </p>
        <nav class="desk-nav" aria-label={text.navigation}>
          <ul>
            {PAGES.map(([name, to]) => (
              <li key={name}>
                <a href={to} aria-current={isHere(to) ? 'page' : undefined}>
                  {text.pages[name]}
                  {name === 'tray' && numbers && numbers.tray > 0 && <span class="desk-count number">{numbers.tray}</span>}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div class="desk-self">
          <AsOf numbers={numbers} />
          {lost.value && <a class="desk-lost" href="/lost" aria-current={isHere('/lost') ? 'page' : undefined}>{messages.value.lost.title}</a>}
          <a class="desk-person" href="/mine" aria-current={isHere('/mine') ? 'page' : undefined}>{identity.value?.person.name}</a>
          <LookButton />
          <button type="button" class="desk-plain" lang={language.value === 'zh' ? 'en' : 'zh-CN'}
            onClick={() => chooseLanguage(language.value === 'zh' ? 'en' : 'zh')}>{text.language}</button>
        </div>
      </header>
      <main id="content" class="desk-main" tabIndex={-1}>{children}</main>
    </div>
  );
}

/** 算到几点 and 尚有 N 台手机未到: stands beside every count of the desk. */
export function AsOf({ numbers }: { numbers: Numbers | undefined }) {
  if (!numbers) return null;
  const text = words.value;
  return (
    <p class="as-of">
      <span class="number">{text.asOf(momentText(numbers.as_of, Date.now(), messages.value))}</span>
      {' · '}
      <a href="/phones" title={text.unheardWhy}>{text.unheard(numbers.phones_unheard)}</a>
    </p>
  );
}

function LookButton() {
  // The system may have chosen, so what is worn is asked of the page; the choice is read to be told of changes.
  const dark = look.value !== undefined && document.documentElement.dataset.theme === 'dark';
  return (
    <button type="button" class="desk-plain" onClick={() => chooseLook(dark ? 'light' : 'dark')}>
      {dark ? words.value.look.toLight : words.value.look.toDark}
    </button>
  );
}

function isHere(to: string): boolean {
  return to === '/' ? path.value === '/' : path.value === to || path.value.startsWith(`${to}/`);
}
