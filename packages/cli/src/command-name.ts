/** How the person at the terminal calls this command, for messages that can be pasted. */
import type { Terminal } from './terminal.js';

/** `parley`, or `npx parley` for who started it by npm, as in a clone. */
export function commandName(terminal: Pick<Terminal, 'env'>): string {
  const byNpm = terminal.env('npm_command') !== undefined;
  return byNpm ? 'npx parley' : 'parley';
}

/** A text as one word of a shell. */
export function quote(text: string): string {
  return /^[\w/.:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
