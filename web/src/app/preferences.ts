// Two small wishes about this screen, language and look. Nothing about people, doors or visits is kept here.

type Preference = 'language' | 'look';

/** The kept wish, or null; a browser that forbids storage simply keeps none. */
export function readPreference(name: Preference): string | null {
  try {
    return localStorage.getItem(`stairwell-${name}`);
  } catch {
    return null;
  }
}

export function writePreference(name: Preference, value: string): void {
  try {
    localStorage.setItem(`stairwell-${name}`, value);
  } catch {
    // The wish then lives until the page closes, which is no loss worth a sentence.
  }
}
