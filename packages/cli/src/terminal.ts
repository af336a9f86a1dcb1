/** What a command may do with the terminal; given to it, so that tests can stand in for people. */
import { readHidden } from './hidden-input.js';

export interface Terminal {
  /** Writes a line of result to standard output. */
  print(line: string): void;
  /** Writes a line for the person watching to standard error. */
  note(line: string): void;
  /** Whether a person can be asked. */
  readonly interactive: boolean;
  /** Asks for a text that is not shown while it is typed. */
  askHidden(question: string): Promise<string>;
  /** The environment's value; undefined when it is not set or empty. */
  env(name: string): string | undefined;
}

/** The terminal of this process. */
export const processTerminal: Terminal = {
  print: (line) => void process.stdout.write(`${line}\n`),
  note: (line) => void process.stderr.write(`${line}\n`),
  interactive: process.stdin.isTTY === true,
  askHidden: (question) => readHidden(question, process.stdin, process.stderr),
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
