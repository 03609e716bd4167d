// The phone over PouchDB, its documents in LevelDB. One replication both ways is one exchange.

import { Agent } from "node:http";
import PouchDb from "pouchdb";
import { obey } from "../orders.mjs";
import { readWorkload } from "../workload.mjs";
import { visitDocument } from "./layout.mjs";

const [workloadPath = ""] = process.argv.slice(2);
const workload = readWorkload(workloadPath);
/** @type {any} */
let local;
// Connections are kept open, as in a browser; node-fetch alone makes a new one for every request.
const agent = new Agent({ keepAlive: true, maxSockets: 6 });

/** @param {{ folder: string }} order */
function open({ folder }) {
  local = new PouchDb(folder);
}

/** @param {{ day: number }} order */
async function write({ day }) {
  await local.bulkDocs((workload.days[day]?.visits ?? []).map(visitDocument));
}

// A replication goes on where it was as long as the office's address stays the same, and ports change.
const OFFICE = "http://office.invalid";

/** @param {{ port: number }} order */
async function connect({ port }) {
  /** @type {(url: string, options: object) => unknown} */
  const fetch = (url, options) => {
    const here = url.replace(OFFICE, `http://127.0.0.1:${port}`);
    return PouchDb.fetch(here, { ...options, agent });
  };
  const office = new PouchDb(`${OFFICE}/grid`, { skip_setup: true, fetch });
  const begun = performance.now();
  await local.sync(office);
  return { seconds: (performance.now() - begun) / 1000 };
}

/**
 * The first replication both ways runs at once, so that what was pulled is looked at for pushing only in
 * the next one. Afterwards both checkpoints stand where they stay.
 *
 * @param {{ port: number }} order
 */
async function rest(order) {
  await connect(order);
}

async function close() {
  await local.close();
  agent.destroy();
}

/** What is here of the past and of a day. @param {{ day?: number }} order */
async function count({ day }) {
  const { rows } = await local.allDocs({ include_docs: true });
  const here = new Map(rows.map((/** @type {any} */ row) => [row.id, row.doc]));
  const edits = day === undefined ? [] : (workload.days[day]?.edits ?? []);
  return {
    past: workload.past.filter((visit) => here.get(visit.id)?.note === visit.note).length,
    edits: edits.filter((edit) => here.get(edit.door)?.remarks === edit.remarks).length,
  };
}

await obey({ open, write, connect, rest, close, count });
