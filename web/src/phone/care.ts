// Whether a door is marked with the heart. Pure.

/**
 * Being old or young is no need by itself: at most doors lives a child or an elder, and a mark on most windows
 * would mark nothing. Living alone, an empty nest, a left-behind child, a disability are; so is any word a
 * community adds, for it added it on purpose. The age words themselves are still read on the door's card.
 */
const AGE_TAGS: ReadonlySet<string> = new Set(['aged', 'minor']);

/** True when one of these tags is a reason to look in more often. */
export function isInCare(tags: readonly string[]): boolean {
  return tags.some((tag) => !AGE_TAGS.has(tag));
}
