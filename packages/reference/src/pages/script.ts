/** What the pages run in the browser: the search while one types, and the switch of commands. */
import { readFileSync } from 'node:fs';

const SCRIPT = new URL('../../browser/reference.js', import.meta.url);

/** The script, read from its file. */
export function scriptOfPages(): string {
  return readFileSync(SCRIPT, 'utf8');
}
