// How the small office walks a feed in version 1: every entry a document frame, oldest first.

import { concat } from '../bytes.ts';
import type { FeedFrame, Frame, HelloFeed } from '../exchange/frames.ts';
import { newest, type Account } from './held.ts';
import type { Office } from './office.ts';

export async function walkOne(office: Office, account: Account, feed: HelloFeed): Promise<Frame[]> {
  const head = office.head(feed.feed);
  const history = feed.history === 0n ? BigInt(head) : feed.history;
  const entries = office.ofFeed(feed.feed).filter((held) => newest(held) > feed.cursor).sort((a, b) => newest(a) - newest(b));
  const page = entries.slice(0, office.pageDocuments);
  const frames: Frame[] = [];
  for (const held of page) {
    const frame = office.documentFrame(held);
    if (BigInt(frame.seq) <= history) frames.push(frame);
    else {
      const foreign = office.foreign(held, account, feed.complete);
      if (foreign.length === 0) continue;
      const whole = foreign.length === held.changes.length;
      frames.push({ ...frame, whole, bytes: concat(foreign.map((change) => change.bytes)) });
    }
  }
  const more = page.length < entries.length;
  const last = page.at(-1);
  const cursor = more && last ? newest(last) : Math.max(head, feed.cursor);
  return [...frames, { frame: 'feed', feed: feed.feed, cursor, digest: await office.digest(feed.feed), more, head } satisfies FeedFrame];
}
