// What a phone and an office say to each other about each document, as far as the phone sees it.

import * as Automerge from "@automerge/automerge";

/**
 * @typedef {{ said: "up" | "down", roundTrips: number, heads: string }} Thread
 */

// The websocket's upgrade, then `join` and `peer`: before them nothing is said of a document.
const ROUND_TRIPS_BEFORE = 2;
const LOOK_EVERY_MS = 5;

export class Talk {
  messages = { up: 0, down: 0 };
  /** @type {Map<string, Thread>} */
  #threads = new Map();

  /** @param {import("@automerge/automerge-repo-network-websocket").WebSocketClientAdapter} adapter */
  constructor(adapter) {
    const send = adapter.send.bind(adapter);
    adapter.send = (message) => {
      this.#note("up", message);
      send(message);
    };
    adapter.on("message", (message) => this.#note("down", message));
  }

  /**
   * @param {"up" | "down"} way
   * @param {any} message
   */
  #note(way, message) {
    this.messages[way] += 1;
    if (message.documentId === undefined) return;
    const thread = this.#threads.get(message.documentId) ?? { said: way, roundTrips: 0, heads: "" };
    this.#threads.set(message.documentId, thread);
    if (way === "down" && thread.said === "up") thread.roundTrips += 1;
    thread.said = way;
    if (way === "down" && message.type === "sync") {
      thread.heads = Automerge.decodeSyncMessage(message.data).heads.toSorted().join();
    }
  }

  /**
   * Whether the office has said that it has these heads.
   *
   * @param {string} documentId
   * @param {string[]} heads
   */
  isSettled(documentId, heads) {
    return this.#threads.get(documentId)?.heads === heads.toSorted().join();
  }

  /** How many round trips follow from each other, those of connecting a websocket included. */
  roundTrips() {
    const threads = [...this.#threads.values()].map((thread) => thread.roundTrips);
    return ROUND_TRIPS_BEFORE + Math.max(0, ...threads);
  }

  /**
   * @param {() => boolean} isDone
   */
  async until(isDone) {
    while (!isDone()) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
