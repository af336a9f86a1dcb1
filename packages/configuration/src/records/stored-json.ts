/** JSON from the store: damaged, it is named by its place alone, since it may hold what was said. */

/**
 * @param what where it stood, such as `journal entry 17`
 * @throws Error naming the place, and nothing of the text
 */
export function parseStored(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${what} is damaged: it is no JSON. Restore a backup.`);
  }
}
