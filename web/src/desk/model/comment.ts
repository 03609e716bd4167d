// How a supervisor's new words join the comment that stands. Pure.

/** Words are only ever added: what another supervisor wrote meanwhile is never taken away by sending. */
export function appendComment(standing: string, added: string): string {
  const words = added.trim();
  if (words === '') return standing;
  if (standing.trim() === '') return words;
  return `${standing.trimEnd()}\n${words}`;
}
