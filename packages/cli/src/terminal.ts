/** What a command may do with the terminal; given to it, so that tests can stand in for people. */
import { visible, visibleLines } from '@parley/server/visible-text';
import { readHidden } from './hidden-input.js';

export interface Terminal {
  /** Writes a line, or several, of result to standard output. */
  print(line: string): void;
  /** Writes a line, or several, for the person watching to standard error. */
  note(line: string): void;
  /** Whether a person can be asked. */
  readonly interactive: boolean;
  /** Asks for a text that is not shown while it is typed. */
  askHidden(question: string): Promise<string>;
  /** The environment's value; undefined when it is not set or empty. */
  env(name: string): string | undefined;
}

/**
 * The terminal of this process. Names and texts that others chose are printed here: nothing of them
 * moves the cursor, colours the screen or turns the direction of writing.
 */
export const processTerminal: Terminal = {
  print: (line) => void process.stdout.write(`${visibleLines(line)}\n`),
  note: (line) => void process.stderr.write(`${visibleLines(line)}\n`),
  interactive: process.stdin.isTTY === true,
  askHidden: (question) => readHidden(visible(question), process.stdin, process.stderr),
  env: (name) => process.env[name] || undefined,
};

/**
 * Lets the process go on when nobody reads its output any more, as behind `| head`: a server must not
 * end because of it, least of all in the middle of stopping.
 */
export function surviveClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (!('code' in error) || error.code !== 'EPIPE') throw error;
    });
  }
}
