// The office over automerge-repo: its Repo behind its websocket server, documents in files, set up as
// its sync server is. Orders: `fill` writes the workload's past, `edit` one day's office edits.

import { createServer } from "node:http";
import * as Automerge from "@automerge/automerge";
import { Repo, parseAutomergeUrl } from "@automerge/automerge-repo";
import { WebSocketServerAdapter } from "@automerge/automerge-repo-network-websocket";
import { NodeFSStorageAdapter } from "@automerge/automerge-repo-storage-nodefs";
import { WebSocketServer } from "ws";
import { listen, obey } from "../orders.mjs";
import { readWorkload } from "../workload.mjs";
import { addressOf, household, writeEdit } from "./household.mjs";

const [workloadPath = "", folder = ""] = process.argv.slice(2);
const workload = readWorkload(workloadPath);

const http = createServer();
const sockets = new WebSocketServer({ server: http });
const repo = new Repo({
  network: [new WebSocketServerAdapter(/** @type {any} */ (sockets))],
  storage: new NodeFSStorageAdapter(folder),
  sharePolicy: async () => false,
});

async function fill() {
  /** @type {Map<string, import("../workload.mjs").Visit[]>} */
  const visits = new Map(workload.doors.map((door) => [door.id, []]));
  workload.past.forEach((visit) => visits.get(visit.door)?.push(visit));
  for (const door of workload.doors) {
    const document = household(door, visits.get(door.id) ?? []);
    const { documentId } = parseAutomergeUrl(addressOf(door.id));
    repo.import(Automerge.save(document), { docId: documentId });
  }
  await repo.flush();
}

/** @param {{ day: number }} order */
async function edit({ day }) {
  for (const one of workload.days[day]?.edits ?? []) {
    const handle = await repo.find(addressOf(one.door));
    handle.change((document) => writeEdit(document, one));
  }
  await repo.flush();
}

/** Which of a day's visits are here. @param {{ day: number }} order */
async function count({ day }) {
  let visits = 0;
  for (const visit of workload.days[day]?.visits ?? []) {
    const handle = await repo.find(addressOf(visit.door));
    visits += handle.doc().visits[visit.id]?.note === visit.note ? 1 : 0;
  }
  return { visits };
}

await obey({ listen: async () => ({ port: await listen(http) }), fill, edit, count });
