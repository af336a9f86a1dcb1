/** A value that stands in a file, alone: not on the command line, which other users can read. */
import { readFile } from 'node:fs/promises';
import { CommandFailure } from './command-failure.js';

/**
 * The only line of a file.
 * @param what what it holds, in messages: "password"
 * @throws CommandFailure when it cannot be read, is empty, or has more lines.
 */
export async function readOneLine(what: string, file: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new CommandFailure(
      `The ${what} file ${file} cannot be read (${code}): check the path and its rights.`,
    );
  }
  const [line = '', ...rest] = text.replace(/\r?\n$/, '').split('\n');
  if (line !== '' && rest.length === 0) return line;
  throw new CommandFailure(
    `The ${what} file ${file} must hold the ${what} on its only line; it has ${line === '' ? 'an empty first line' : `${rest.length + 1} lines`}.`,
  );
}
