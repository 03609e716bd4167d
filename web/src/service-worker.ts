// Keeps the app opening with the network off and the program stopped. Caches the app, never data.
// A new version waits: it takes over only when a page sends `skipWaiting`, which is a person's tap.

import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: { url: string; revision: string | null }[] };

precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
// Every address of the app is the same page; the program's own routes stay the program's.
registerRoute(new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: [/^\/api\//, /^\/healthz$/] }));

self.addEventListener('message', (event) => {
  if (event.data === 'skipWaiting') void self.skipWaiting();
});
// Pages opened before the first install are served by it at once, so that the first visit already works offline.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
