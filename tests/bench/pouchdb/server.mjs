// The office over express-pouchdb, documents in LevelDB. Orders as for the other servers.

import { createServer } from "node:http";
import express from "express";
import expressPouchDb from "express-pouchdb";
import PouchDb from "pouchdb";
import { listen, obey } from "../orders.mjs";
import { readWorkload } from "../workload.mjs";
import { doorDocument, visitDocument } from "./layout.mjs";

const [workloadPath = "", folder = ""] = process.argv.slice(2);
const workload = readWorkload(workloadPath);

const Local = PouchDb.defaults({ prefix: `${folder}/` });
const grid = new Local("grid");
const app = express();
// The routes that replication uses; no log, no configuration file, no web interface.
app.use("/", expressPouchDb(Local, { mode: "minimumForPouchDB", inMemoryConfig: true, logPath: `${folder}/log.txt` }));

async function fill() {
  await grid.bulkDocs(workload.doors.map(doorDocument));
  await grid.bulkDocs(workload.past.map(visitDocument));
}

/** @param {{ day: number }} order */
async function edit({ day }) {
  for (const { door, ...changed } of workload.days[day]?.edits ?? []) {
    await grid.put({ ...(await grid.get(door)), ...changed });
  }
}

/** Which of a day's visits are here. @param {{ day: number }} order */
async function count({ day }) {
  let visits = 0;
  for (const visit of workload.days[day]?.visits ?? []) {
    const found = await grid.get(visit.id).catch(() => undefined);
    visits += found?.note === visit.note ? 1 : 0;
  }
  return { visits };
}

await obey({ listen: async () => ({ port: await listen(createServer(app)) }), fill, edit, count });
