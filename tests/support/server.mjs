// Starts the real program on a data folder of its own, and ends it the way a test wants: politely, or with kill -9.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const here = import.meta.dirname;
/** The program under test. */
export const BINARY = resolve(here, '..', process.env.STAIRWELL_BIN ?? '../target/debug/stairwell');
const START_MS_MAX = 300_000;
/** Two grid workers and a supervisor get a link each time the program starts. */
const PRACTICE_PEOPLE = 3;

/** @typedef {{ name: string, role: string, url: string }} Link */

export class Server {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;
  /** @type {string[]} */
  #said = [];

  /** @param {string} folder @param {string[]} options */
  constructor(folder, options) {
    this.folder = folder;
    /** Any free one at the first start, and the same from then on. */
    this.port = 0;
    this.options = options;
    /** @type {Link[]} the newest links, one a person */
    this.links = [];
  }

  /** Runs the program on the folder and waits until it says that it is ready. */
  async start() {
    const child = spawn(BINARY, [
      'serve', '--data', this.folder, '--listen', `127.0.0.1:${this.port}`, '--practice', ...this.options,
    ], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    this.links = [];
    child.stderr?.on('data', (bytes) => this.#said.push(String(bytes)));
    const ready = new Promise((resolved, rejected) => {
      const lines = createInterface({ input: /** @type {import('node:stream').Readable} */ (child.stdout) });
      let listening = false;
      lines.on('line', (line) => {
        this.#said.push(line);
        const port = /^stairwell: ready \w+:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
        if (port) {
          this.port = Number(port);
          listening = true;
        }
        const link = /^stairwell: link (\S+) (\S+) (\S+)$/.exec(line);
        if (link) this.links.push({ name: String(link[1]), role: String(link[2]), url: String(link[3]) });
        if (listening && this.links.length >= PRACTICE_PEOPLE) resolved(undefined);
      });
      child.once('exit', (code) => rejected(new Error(`the program ended with ${code}:\n${this.#said.slice(-30).join('\n')}`)));
    });
    const limit = setTimeout(() => child.kill('SIGKILL'), START_MS_MAX);
    try {
      await ready;
    } finally {
      clearTimeout(limit);
    }
    return this;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What it printed, for a failing test to show. */
  get said() {
    return this.#said.join('\n');
  }

  get running() {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The newest enrolment link of a person. @param {string} name */
  link(name) {
    const link = this.links.findLast((each) => each.name === name);
    if (!link) throw new Error(`no link for ${name} in:\n${this.said}`);
    return link.url;
  }

  /** Asks it to end and waits. */
  async stop() {
    await this.#end('SIGTERM');
  }

  /** Ends it as a power cut would, as far as a process can be. */
  async kill() {
    await this.#end('SIGKILL');
  }

  /** @param {NodeJS.Signals} signal */
  async #end(signal) {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  /** Stops it and takes its folder away. */
  async remove() {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A folder of its own for one test, made from a template when there is one. @param {string} [template] */
export function newFolder(template) {
  const folder = mkdtempSync(join(tmpdir(), 'stairwell-test-'));
  if (template) cpSync(template, folder, { recursive: true });
  return folder;
}

/** Starts the program. @param {{ template?: string, options?: string[] }} [wanted] */
export async function startServer({ template, options = [] } = {}) {
  return new Server(newFolder(template), options).start();
}

/**
 * Runs a command of the program and gives what it printed. @param {string[]} command
 * @returns {Promise<{ code: number | null, output: string }>}
 */
export async function runCommand(command) {
  const child = spawn(BINARY, command, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => { output += text; });
  child.stderr.setEncoding('utf8').on('data', (text) => { output += text; });
  const [code] = await once(child, 'close');
  return { code, output };
}
