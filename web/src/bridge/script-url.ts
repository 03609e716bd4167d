// Addresses of our own scripts, in the form a page under `require-trusted-types-for 'script'` may start.

interface TrustedTypesLike {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): unknown };
}

/** Only scripts of our own origin pass. */
function ownOrigin(url: string): string {
  const absolute = new URL(url, location.href);
  if (absolute.origin !== location.origin) throw new TypeError(`not our script: ${url}`);
  return absolute.href;
}

const trustedTypes = (globalThis as { trustedTypes?: TrustedTypesLike }).trustedTypes;
const policy = trustedTypes?.createPolicy('stairwell', { createScriptURL: ownOrigin });

/** A script address for `new Worker` and `serviceWorker.register`. */
export function scriptUrl(url: string): URL | string {
  return (policy ? policy.createScriptURL(url) : ownOrigin(url)) as string;
}
