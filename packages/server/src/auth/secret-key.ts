/** Where the key of the secret box comes from: the environment, a file of the operator's, or our own. */
import { randomBytes } from 'node:crypto';
import { chmod, link, open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SECRET_KEY_VARIABLE } from '../defaults.js';
import { StartError } from '../start-error.js';
import { syncFolder } from '../kept-file.js';
import { SECRET_KEY_BYTES, SecretBox } from '@parley/configuration/secrets/secret-box';

/** Which key to use; without a text and without a file, that of the data directory. */
export interface SecretKeySource {
  readonly dataDir: string;
  /** The key itself: 64 hex digits. */
  readonly key?: string;
  /** File that holds the key. */
  readonly file?: string;
}

/** Which key to use, of what may be given; empty ones count as not given. */
export function secretKeySource(given: {
  readonly dataDir: string;
  readonly secretKey?: string;
  readonly secretKeyFile?: string;
}): SecretKeySource {
  const { dataDir, secretKey, secretKeyFile } = given;
  if (secretKey && secretKeyFile) {
    throw new StartError(
      `The secret key is given twice: set ${SECRET_KEY_VARIABLE} or name the file ${secretKeyFile}, not both.`,
    );
  }
  if (secretKey) return { dataDir, key: secretKey };
  return secretKeyFile ? { dataDir, file: secretKeyFile } : { dataDir };
}

const OWN_FILE = 'secret.key';
const KEY_TEXT = /^[0-9a-f]{64}$/i;

/**
 * The box to keep secrets in. The data directory's own key is made when there is none yet.
 * @throws StartError when the key is none, or its file is missing or cannot be read.
 */
export async function openSecretBox(source: SecretKeySource): Promise<SecretBox> {
  if (source.key !== undefined) {
    return boxOf(
      source.key,
      `${SECRET_KEY_VARIABLE} is not a key: set it to 64 hex digits, such as "openssl rand -hex 32" prints, or leave it out.`,
    );
  }
  if (source.file !== undefined) {
    return boxOf(
      await readKey(source.file, "leave it out to use the data directory's own"),
      `The secret key file ${source.file} does not hold a key: put 64 hex digits into it, such as "openssl rand -hex 32" prints.`,
    );
  }
  const path = join(source.dataDir, OWN_FILE);
  await makeUnlessThere(path);
  // Nothing may be sealed with a key whose name is lost by a power cut, whoever made it.
  await syncFolder(source.dataDir);
  await keepFromOthers(path);
  return boxOf(
    await readKey(path, 'let this user read it'),
    `${path} does not hold a key (64 hex digits): restore it from a backup. If it is lost, remove it, revoke the bots' keys and make new ones.`,
  );
}

function boxOf(text: string, refusal: string): SecretBox {
  const digits = text.trim();
  if (!KEY_TEXT.test(digits)) throw new StartError(refusal);
  return new SecretBox(Buffer.from(digits, 'hex'));
}

async function readKey(file: string, otherwise: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new StartError(
      `The secret key file ${file} cannot be read (${messageOf(error)}): name a readable file with 64 hex digits, or ${otherwise}.`,
      { cause: error },
    );
  }
}

/** Whoever can read the file can open what is sealed with it. */
async function keepFromOthers(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o077) === 0) return;
  try {
    await chmod(path, 0o600);
  } catch (error) {
    throw new StartError(
      `${path} can be read by others, and its rights cannot be changed (${messageOf(error)}): set its mode to 600.`,
      { cause: error },
    );
  }
}

async function makeUnlessThere(path: string): Promise<void> {
  try {
    await stat(path);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    await make(path);
  }
}

/**
 * Makes a new key, unless another process was faster: a server and a command may come at the same
 * moment. The file appears whole or not at all.
 */
async function make(path: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(`${randomBytes(SECRET_KEY_BYTES).toString('hex')}\n`);
    await file.sync();
    await link(draft, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await file.close();
    await rm(draft);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
