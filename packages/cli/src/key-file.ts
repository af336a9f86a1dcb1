/** The file with a bot's app key, as `parley key create` prints it in JSON. */
import { readFileSync } from 'node:fs';
import { CommandFailure } from './command-failure.js';

const KEY_FIELDS = ['appKey', 'secret', 'accessToken', 'accessTokenSecret'] as const;

/** Login of a user by the key in a file. @throws CommandFailure for a file that is none. */
export function loginByKeyFile(user: string, file: string) {
  let key: Record<string, unknown>;
  try {
    key = JSON.parse(readText(file)) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    throw new CommandFailure(`${file} is no JSON: it must hold ${KEY_FIELDS.join(', ')}.`);
  }
  const text = (name: (typeof KEY_FIELDS)[number]) => {
    const value = key[name];
    if (typeof value === 'string') return value;
    throw new CommandFailure(`${file} has no "${name}": it must hold ${KEY_FIELDS.join(', ')}.`);
  };
  const [appKey, secret] = [text('appKey'), text('secret')];
  const tokens = [text('accessToken'), text('accessTokenSecret')] as const;
  return { username: user, appKey, secret, accessToken: tokens[0], accessTokenSecret: tokens[1] };
}

/** @throws CommandFailure when it cannot be read */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new CommandFailure(`The file ${file} cannot be read (${code}).`);
  }
}
