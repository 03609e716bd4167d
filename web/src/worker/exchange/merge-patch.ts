// JSON merge patches (RFC 7396): how the summary of a document that changed a little is told. Pure.

type Members = Record<string, unknown>;

/** The target as the patch says it is now; nothing given is changed. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch;
  // A code may be any text, `__proto__` too: assigned to an object, that would be no member of it.
  const merged = new Map<string, unknown>(isMap(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, mergePatch(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}

function isMap(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
