// One Automerge document a household, its visits inside: the layout with which automerge-repo moves
// the fewest bytes. Prose is text that merges, every other string a scalar.

import * as Automerge from "@automerge/automerge";
import { stringifyAutomergeUrl } from "@automerge/automerge-repo";
import { asSet } from "../workload.mjs";

const { ImmutableString } = Automerge;

/** @param {string} id */
const bytesOf = (id) => Uint8Array.from(Buffer.from(id.replaceAll("-", ""), "hex"));

/**
 * The document's address. Both sides can work it out, so that no list of addresses has to travel.
 *
 * @param {string} door
 */
export function addressOf(door) {
  const documentId = /** @type {import("@automerge/automerge-repo").BinaryDocumentId} */ (bytesOf(door));
  return stringifyAutomergeUrl({ documentId });
}

/** @param {Record<string, string>} map */
const scalars = (map) =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, new ImmutableString(value)]));

/** @param {import("../workload.mjs").Visit} visit */
function visitEntry(visit) {
  const { at, note } = visit;
  const { by, purpose, outcome } = visit;
  return {
    at,
    ...scalars({ by, purpose, outcome }),
    note,
    checks: scalars(visit.checks),
    met: asSet(visit.met),
  };
}

/**
 * Writes visits down, each as one change.
 *
 * @param {Automerge.Doc<any>} document
 * @param {import("../workload.mjs").Visit} visit
 */
export function writeVisit(document, visit) {
  document.visits[visit.id] = visitEntry(visit);
}

/**
 * @param {any} document
 * @param {import("../workload.mjs").Edit} edit
 */
export function writeEdit(document, edit) {
  document.remarks = edit.remarks;
  document.plan.interval_days = edit.interval_days;
}

/**
 * The document of a household with its past visits, one change each.
 *
 * @param {import("../workload.mjs").Door} door
 * @param {import("../workload.mjs").Visit[]} visits
 */
export function household(door, visits) {
  const { building, unit, label } = door;
  const persons = door.persons.map((person) => [
    person.id,
    {
      ...scalars({ name: person.name, relation: person.relation }),
      birth_year: person.birth_year,
      tags: asSet(person.tags),
    },
  ]);
  let document = Automerge.change(Automerge.init(), (/** @type {any} */ empty) => {
    Object.assign(empty, scalars({ building, unit, label }), {
      floor: door.floor,
      tags: asSet(door.tags),
      plan: {},
      remarks: "",
      persons: Object.fromEntries(persons),
      visits: {},
    });
  });
  for (const visit of visits) {
    document = Automerge.change(document, (draft) => writeVisit(draft, visit));
  }
  return document;
}
