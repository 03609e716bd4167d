// The service worker as the pages see it: registered once, and a new version waits until a person taps.

import { scriptUrl } from './script-url.ts';

/** How often an open page asks whether there is a new version. */
const ASK_INTERVAL_MS = 60 * 60 * 1000;

let waiting: ServiceWorker | null = null;

/** True while a new version is installed and waits for a tap. */
export function updateReady(): boolean {
  return waiting !== null;
}

/** Registers the service worker; `ready` is called each time a new version starts to wait. */
export async function watchForUpdates(ready: () => void): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const registration = await navigator.serviceWorker.register(scriptUrl('/service-worker.js') as string, { scope: '/' });
  const notice = (worker: ServiceWorker | null): void => {
    // Without a controller this page came from the network: the first install replaces nothing.
    if (!worker || !navigator.serviceWorker.controller) return;
    waiting = worker;
    ready();
  };
  notice(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const installing = registration.installing;
    installing?.addEventListener('statechange', () => {
      if (installing.state === 'installed') notice(installing);
    });
  });
  const ask = (): void => {
    // Being offline is the usual state in a stairwell, not an error.
    if (document.visibilityState === 'visible') registration.update().catch(() => undefined);
  };
  if (navigator.serviceWorker.controller) {
    navigator.serviceWorker.addEventListener('controllerchange', startAgainWhenUnseen, { once: true });
  }
  setInterval(ask, ASK_INTERVAL_MS);
  document.addEventListener('visibilitychange', ask);
}

/** Another tab took the new version: this one follows, but never under the person's eyes. */
function startAgainWhenUnseen(): void {
  const startAgain = (): void => {
    if (document.visibilityState === 'hidden') location.reload();
  };
  document.addEventListener('visibilitychange', startAgain);
  startAgain();
}

/** Called by the person's tap: the waiting version takes over and every open page starts again with it. */
export function applyUpdate(): void {
  if (!waiting) return;
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  waiting.postMessage('skipWaiting');
}
