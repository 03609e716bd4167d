// How a peer is told what to do: one JSON object a line on its input, one answer a line on its
// output. Whoever starts it measures from outside; nothing else is printed there.

import { createInterface } from "node:readline";

/** @typedef {Record<string, unknown>} Answer */

/**
 * Obeys orders until the input ends, one after another. An order that fails ends the process.
 *
 * @param {Record<string, (order: any) => Promise<Answer | void> | Answer | void>} can
 */
export async function obey(can) {
  for await (const line of createInterface({ input: process.stdin })) {
    const order = JSON.parse(line);
    const action = can[order.do];
    if (!action) throw new Error(`no such order: ${order.do}`);
    const answer = (await action(order)) ?? {};
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  process.exit(0);
}

/**
 * Ends the process when the other side is gone, and listens on a free port of this machine.
 *
 * @param {import("node:http").Server} server
 * @returns {Promise<number>} the port
 */
export async function listen(server) {
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
