// How a peer is told what to do: one JSON object a line on its input, one answer a line on its
// output. Whoever starts it measures from outside; nothing else is printed there.

import { createInterface } from "node:readline";

/** @typedef {Record<string, unknown>} Answer */

/**
 * Obeys orders one after another. An order that fails ends the process, and so does the end of the
 * input, even in the middle of an order: whoever gave it is gone.
 *
 * @param {Record<string, (order: any) => Promise<Answer | void> | Answer | void>} can
 */
export async function obey(can) {
  const orders = createInterface({ input: process.stdin });
  orders.on("close", () => process.exit(0));
  for await (const line of orders) {
    const order = JSON.parse(line);
    const action = can[order.do];
    if (!action) throw new Error(`no such order: ${order.do}`);
    const answer = (await action(order)) ?? {};
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}

/**
 * Listens on a free port of this machine.
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
