// The program's routes as the worker hears them.

import { describe, expect, it } from 'vitest';
import { getJson, postJson, postPack, streamEvents, type Fetch } from './http.ts';

const never = new AbortController().signal;
const answering = (response: () => Response): Fetch => async () => response();
const gone: Fetch = async () => {
  throw new TypeError('Failed to fetch');
};

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('a route', () => {
  it('is asked with the token and answers its JSON', async () => {
    const asked: RequestInit[] = [];
    const fetch: Fetch = async (_url, init = {}) => {
      asked.push(init);
      return Response.json({ doors: 3 });
    };
    expect(await getJson(fetch, 'secret', '/api/desk/numbers')).toEqual({ doors: 3 });
    expect(asked[0]?.headers).toMatchObject({ Authorization: 'Bearer secret' });
  });

  it.each([
    ["the server's own words", Response.json({ error: { code: 'code_used', zh: '用过了', en: 'Used' } }, { status: 409 }), { code: 'code_used', zh: '用过了', en: 'Used' }],
    ['its number when it says nothing', new Response('<html>', { status: 502 }), { code: 'http_502' }],
    ['that it could not be read', new Response('not json'), { code: 'unreadable_answer' }],
  ])('that refuses is told in %s', async (_what, response, refusal) => {
    await expect(postJson(answering(() => response), undefined, '/api/enrol', {})).rejects.toMatchObject(refusal);
  });

  it('that nothing answers is no signal', async () => {
    await expect(getJson(gone, 't', '/api/x')).rejects.toMatchObject({ code: 'offline' });
    await expect(all(postPack(gone, 't', new Uint8Array(), never))).rejects.toMatchObject({ code: 'offline' });
  });
});

describe('live events', () => {
  it('are the data lines, however the bytes are cut', async () => {
    const text = new TextEncoder().encode(': still here\n\ndata: {"feed":"网格","seq":7}\n\nevent: x\r\ndata:{"tray":1}\r\n\r\ndata: unfinished');
    const stream = (): ReadableStream<Uint8Array> => new ReadableStream({
      start(controller) {
        for (let at = 0; at < text.length; at += 5) controller.enqueue(text.slice(at, at + 5));
        controller.close();
      },
    });
    expect(await all(streamEvents(answering(() => new Response(stream())), 't', '/api/live', 1000, never)))
      .toEqual(['{"feed":"网格","seq":7}', '{"tray":1}']);
  });
});
