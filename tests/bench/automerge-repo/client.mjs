// The phone over automerge-repo. `open` opens the app: it loads what documents its folder has, without a
// network, which no figure counts. `connect` connects and ends once the office is known to have every
// document as it is here.
//
// The app is closed and opened between connections. A process that lived on would send as many messages
// as one that was opened anew, but its office, which remembers it, would answer none that brings nothing.

import * as Automerge from "@automerge/automerge";
import { Repo } from "@automerge/automerge-repo";
import { WebSocketClientAdapter } from "@automerge/automerge-repo-network-websocket";
import { NodeFSStorageAdapter } from "@automerge/automerge-repo-storage-nodefs";
import { obey } from "../orders.mjs";
import { readWorkload } from "../workload.mjs";
import { Talk } from "./talk.mjs";
import { addressOf, writeVisit } from "./household.mjs";

const [workloadPath = ""] = process.argv.slice(2);
const workload = readWorkload(workloadPath);
/** @type {Repo | undefined} */
let repo;
/** @type {Map<string, import("@automerge/automerge-repo").DocHandle<any>>} by door */
const handles = new Map();

const opened = () => {
  if (!repo) throw new Error("nothing is open");
  return repo;
};

async function findAll() {
  const here = opened();
  const found = workload.doors.map(async (door) => {
    handles.set(door.id, await here.find(addressOf(door.id)));
  });
  await Promise.all(found);
}

/** @param {{ folder: string, is_new: boolean }} order */
async function open({ folder, is_new }) {
  repo = new Repo({ storage: new NodeFSStorageAdapter(folder), sharePolicy: async () => true });
  if (!is_new) await findAll();
}

/** @param {{ day: number }} order */
function write({ day }) {
  for (const visit of workload.days[day]?.visits ?? []) {
    handles.get(visit.door)?.change((document) => writeVisit(document, visit));
  }
}

/** @param {{ port: number }} order */
async function connect({ port }) {
  const adapter = new WebSocketClientAdapter(`ws://127.0.0.1:${port}`);
  const talk = new Talk(adapter);
  const begun = performance.now();
  const greeted = new Promise((resolve) => adapter.once("peer-candidate", resolve));
  opened().networkSubsystem.addNetworkAdapter(adapter);
  if (handles.size === 0) {
    // A document that is asked for too early counts as unavailable.
    await greeted;
    await findAll();
  }
  const documents = [...handles.values()];
  await talk.until(() =>
    documents.every((handle) => talk.isSettled(handle.documentId, Automerge.getHeads(handle.doc()))),
  );
  return {
    seconds: (performance.now() - begun) / 1000,
    round_trips: talk.roundTrips(),
    messages: talk.messages,
  };
}

/** It is at rest when it is connected. */
function rest() {}

async function close() {
  await opened().shutdown();
  handles.clear();
}

/** What is here of the past and of a day. @param {{ day?: number }} order */
function count({ day }) {
  const has = (/** @type {import("../workload.mjs").Visit} */ visit) =>
    handles.get(visit.door)?.doc().visits[visit.id]?.note === visit.note;
  const edits = day === undefined ? [] : (workload.days[day]?.edits ?? []);
  return {
    past: workload.past.filter(has).length,
    edits: edits.filter((edit) => handles.get(edit.door)?.doc().remarks === edit.remarks).length,
  };
}

await obey({ open, write, connect, rest, close, count });
