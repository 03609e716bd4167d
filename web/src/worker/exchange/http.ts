// The program's routes as the worker calls them: token, words of refusal, and no request that hangs for ever.

import { BridgeError } from '../../bridge/error.ts';
import type { Bytes } from '../bytes.ts';
import { offline, serverSays, unreadableAnswer } from '../refusals.ts';

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** No byte for this long: the signal is gone, whatever the browser believes. */
const SILENCE_MS_MAX = 30_000;
/** The first byte may wait for a large request to climb up a slow link. */
const FIRST_BYTE_MS_MAX = 90_000;
const JSON_MS_MAX = 30_000;
const FILE_MS_MAX = 300_000;

export async function getJson(fetch: Fetch, token: string, path: string): Promise<unknown> {
  return askJson(fetch, path, { headers: authorised(token) });
}

export async function postJson(fetch: Fetch, token: string | undefined, path: string, body: unknown): Promise<unknown> {
  const headers = { ...authorised(token), 'Content-Type': 'application/json' };
  return askJson(fetch, path, { method: 'POST', headers, body: JSON.stringify(body ?? {}) });
}

/** A file as it is. It may be large and the link slow. */
export async function postFile(fetch: Fetch, token: string, path: string, file: Bytes): Promise<unknown> {
  const headers = { ...authorised(token), 'Content-Type': 'application/x-stairwell-rescue' };
  return askJson(fetch, path, { method: 'POST', headers, body: file }, FILE_MS_MAX);
}

/**
 * Posts a pack and gives the response's bytes as they arrive. Throws `offline` when nothing answers or the
 * stream breaks; what was given until then counts.
 */
export async function* postPack(fetch: Fetch, token: string, pack: Bytes, stop: AbortSignal): AsyncGenerator<Uint8Array> {
  const watch = new Silence(FIRST_BYTE_MS_MAX, stop);
  try {
    const response = await reach(fetch, '/api/sync', {
      method: 'POST', body: pack, signal: watch.signal,
      headers: { ...authorised(token), 'Content-Type': 'application/x-stairwell-pack', 'Content-Encoding': 'gzip' },
    });
    if (!response.ok) throw await refusalFrom(response);
    yield* bytesOf(response, watch);
  } finally {
    watch.end();
  }
}

/** The lines of a server-sent stream that carry data. Ends when the stream ends or falls silent. */
export async function* streamEvents(fetch: Fetch, token: string, path: string, silenceMs: number, stop: AbortSignal): AsyncGenerator<string> {
  const watch = new Silence(silenceMs, stop);
  try {
    const headers = { ...authorised(token), Accept: 'text/event-stream' };
    const response = await reach(fetch, path, { headers, signal: watch.signal, cache: 'no-store' });
    if (!response.ok) throw await refusalFrom(response);
    const text = new TextDecoder();
    let rest = '';
    for await (const bytes of bytesOf(response, watch, silenceMs)) {
      const lines = (rest + text.decode(bytes, { stream: true })).split(/\r?\n/);
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.startsWith('data:')) yield line.slice(5).trim();
    }
  } finally {
    watch.end();
  }
}

async function* bytesOf(response: Response, watch: Silence, silenceMs = SILENCE_MS_MAX): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      watch.restart(silenceMs);
      const { done, value } = await reader.read().catch(() => {
        throw offline();
      });
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

async function askJson(fetch: Fetch, path: string, init: RequestInit, withinMs = JSON_MS_MAX): Promise<unknown> {
  const watch = new Silence(withinMs);
  try {
    const response = await reach(fetch, path, { ...init, signal: watch.signal });
    if (!response.ok) throw await refusalFrom(response);
    return response.status === 204 ? null : await response.json().catch(() => {
      throw unreadableAnswer();
    });
  } finally {
    watch.end();
  }
}

async function reach(fetch: Fetch, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch {
    throw offline();
  }
}

/** The server's own words when it sent some. */
async function refusalFrom(response: Response): Promise<BridgeError> {
  const body = (await response.json().catch(() => null)) as { error?: { code?: unknown; zh?: unknown; en?: unknown } } | null;
  const { code, zh, en } = body?.error ?? {};
  if (typeof code !== 'string') return serverSays(response.status);
  return new BridgeError({ code, zh: String(zh ?? code), en: String(en ?? code) });
}

function authorised(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { Authorization: `Bearer ${token}` };
}

/** Aborts a request when nothing has come for a while. */
class Silence {
  readonly #controller = new AbortController();
  readonly #stopped = (): void => this.#controller.abort();
  readonly #outer: AbortSignal | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(firstMs: number, outer?: AbortSignal) {
    this.#outer = outer;
    outer?.addEventListener('abort', this.#stopped);
    if (outer?.aborted) this.#controller.abort();
    this.restart(firstMs);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  restart(silenceMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#controller.abort(), silenceMs);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener('abort', this.#stopped);
  }
}
