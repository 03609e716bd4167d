// The workload as the measuring program wrote it: the same for every engine.

import { readFileSync } from "node:fs";

/**
 * @typedef {{ id: string, name: string, relation: string, birth_year: number, tags: string[] }} Person
 * @typedef {{ id: string, building: string, unit: string, floor: number, label: string, tags: string[], persons: Person[] }} Door
 * @typedef {{ id: string, door: string, at: number, by: string, purpose: string, outcome: string, note: string, checks: Record<string, string>, met: string[] }} Visit
 * @typedef {{ door: string, remarks: string, interval_days: number }} Edit
 * @typedef {{ visits: Visit[], edits: Edit[] }} Day
 * @typedef {{ doors: Door[], past: Visit[], days: Day[] }} Workload
 */

/**
 * @param {string} path
 * @returns {Workload}
 */
export function readWorkload(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}

/**
 * What a set is in a document.
 *
 * @param {string[]} codes
 * @returns {Record<string, true>}
 */
export function asSet(codes) {
  return Object.fromEntries(codes.map((code) => [code, true]));
}
