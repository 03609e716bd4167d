// Which Chromium, and how it is started where there is no screen, no sandbox and no network.

export const CHROME = process.env.CHROME_PATH ?? '/usr/bin/chromium';

export const CHROME_FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

/** A phone as many grid workers carry. */
export const PHONE_SIZE = { width: 360, height: 740 };
export const DESK_SIZE = { width: 1440, height: 900 };
/** The narrowest screen that must work without scrolling sideways. */
export const NARROW_SIZE = { width: 320, height: 640 };
