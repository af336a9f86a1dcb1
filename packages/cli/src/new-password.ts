/** Where a password comes from: never from the command line, which other users can read. */
import { CommandFailure } from './command-failure.js';
import { readOneLine } from './one-line.js';
import type { Terminal } from './terminal.js';

export const PASSWORD_VARIABLE = 'PARLEY_PASSWORD';

/**
 * The password from a file, the environment, or the person at the terminal, in this order.
 * @throws CommandFailure when there is none of them, or the two that were typed differ.
 */
export async function newPassword(
  terminal: Terminal,
  forWhom: string,
  file: string | undefined,
): Promise<string> {
  if (file !== undefined) return readOneLine('password', file);
  const fromEnvironment = terminal.env(PASSWORD_VARIABLE);
  if (fromEnvironment !== undefined) return fromEnvironment;
  if (!terminal.interactive) {
    throw new CommandFailure(
      `There is no password for ${forWhom} and no terminal to ask at: give --password-file <file>, or set ${PASSWORD_VARIABLE}.`,
    );
  }
  const password = await terminal.askHidden(`New password for ${forWhom}: `);
  const again = await terminal.askHidden('The same once more: ');
  if (password === again) return password;
  throw new CommandFailure('The two passwords differ; nothing was changed. Try again.');
}

/**
 * The password that somebody has, from a file, the environment, or the person at the terminal.
 * @throws CommandFailure when there is none of them.
 */
export async function passwordOf(
  terminal: Terminal,
  user: string,
  file: string | undefined,
): Promise<string> {
  if (file !== undefined) return readOneLine('password', file);
  const fromEnvironment = terminal.env(PASSWORD_VARIABLE);
  if (fromEnvironment !== undefined) return fromEnvironment;
  if (terminal.interactive) return terminal.askHidden(`Password of ${user}: `);
  throw new CommandFailure(
    `There is no password of ${user} and no terminal to ask at: give --password-file <file>, or set ${PASSWORD_VARIABLE}.`,
  );
}
