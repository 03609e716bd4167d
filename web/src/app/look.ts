// Which look the page wears: the system's wish, or the person's own choice kept on this phone.
// Sets two attributes on <html> and the colour of the phone's status bar; the colours are in look/tokens.css.

import { signal } from '@preact/signals';
import { readPreference, writePreference } from './preferences.ts';

/** `system` follows the phone; `sun` is light with more contrast, for reading outdoors. */
export type Look = 'system' | 'light' | 'dark' | 'sun';
const LOOKS: readonly Look[] = ['system', 'light', 'dark', 'sun'];

export const look = signal<Look>('system');

/** The token of the colour at the top of the page, which the phone's status bar takes up. */
export const topColour = signal<'paper' | 'sky-high' | 'wall'>('paper');

/** What the attributes must say for a choice under the system's wishes. */
export function attributesOf(choice: Look, systemDark: boolean, systemContrast: boolean): { theme: string; contrast: string } {
  const dark = choice === 'dark' || (choice === 'system' && systemDark);
  return { theme: dark ? 'dark' : 'light', contrast: choice === 'sun' || systemContrast ? 'more' : 'normal' };
}

const dark = matchMedia('(prefers-color-scheme: dark)');
const contrast = matchMedia('(prefers-contrast: more)');

function apply(): void {
  const attributes = attributesOf(look.value, dark.matches, contrast.matches);
  document.documentElement.dataset.theme = attributes.theme;
  document.documentElement.dataset.contrast = attributes.contrast;
  colourStatusBar();
}

let planned = false;

/** In the next frame, which works out the styles anyway; asked for earlier they would be worked out twice. */
function colourStatusBar(): void {
  if (planned) return;
  planned = true;
  requestAnimationFrame(() => {
    planned = false;
    takeColour(topColour.peek());
  });
}

function takeColour(token: string): void {
  const colour = getComputedStyle(document.documentElement).getPropertyValue(`--${token}`).trim();
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', colour);
}

/** Puts the look on and keeps it in step with the system. Call once, before the first drawing. */
export function startLook(): void {
  const kept = readPreference('look');
  look.value = LOOKS.find((each) => each === kept) ?? 'system';
  apply();
  topColour.subscribe(colourStatusBar);
  dark.addEventListener('change', apply);
  contrast.addEventListener('change', apply);
}

export function chooseLook(choice: Look): void {
  look.value = choice;
  writePreference('look', choice);
  apply();
}
