// One document a visit and one a household, as CHT lays them out over CouchDB.

/** @param {import("../workload.mjs").Door} door */
export const doorDocument = ({ id, ...rest }) => ({ _id: id, kind: "door", ...rest });

/** @param {import("../workload.mjs").Visit} visit */
export const visitDocument = ({ id, ...rest }) => ({ _id: id, kind: "visit", ...rest });
