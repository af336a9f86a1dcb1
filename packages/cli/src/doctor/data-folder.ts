/** Looks at the data directory: whether this user can work in it. */
import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CommandFailure } from '../command-failure.js';
import { quote } from '../command-name.js';
import { type Finding, good, problem, warning } from './finding.js';

const ABOUT = 'Data directory';

/** Bits of a mode that let other users in. */
const OTHERS = 0o077;

const OWNER = 'Run Parley as the user who owns it, or give it to this user with chown.';

export function checkDataDirectory(dataDir: string): Finding[] {
  const folder = resolve(dataDir);
  const place = existing(folder);
  if (place !== folder) return [checkMissing(folder, place)];
  const status = statSync(folder);
  if (!status.isDirectory()) {
    return [problem(ABOUT, `${folder} is not a folder`, 'Choose another folder with --data-dir.')];
  }
  const why = refusal(folder, FOLDER);
  if (why !== null) return [problem(ABOUT, `${folder} ${why}`, remedyFor(why))];
  // What else is there, as on a disk of its own, is nothing to Parley.
  const files = readdirSync(folder).flatMap((name) => {
    const mode = WRITTEN.test(name) ? WRITE : READ_ALONE.has(name) ? constants.R_OK : 0;
    const path = join(folder, name);
    const refused = mode === 0 ? null : refusal(path, mode);
    return refused === null ? [] : [problem(ABOUT, `${path} ${refused}`, remedyFor(refused))];
  });
  if (files.length > 0) return files.slice(0, MAX_LISTED);
  const findings = [good(ABOUT, `${folder} can be read and written`)];
  if ((status.mode & OTHERS) !== 0 && process.platform !== 'win32') {
    const octal = (status.mode & 0o777).toString(8);
    findings.push(
      warning(
        ABOUT,
        `other users may look into it (mode ${octal})`,
        `Run: chmod 700 ${quote(folder)}`,
      ),
    );
  }
  return findings;
}

/** Names of what Parley writes there. */
const WRITTEN = /^(?:parley\.db(?:-wal|-shm)?|server\.lock)$/;

/** What may be there to be read alone. */
const READ_ALONE: ReadonlySet<string> = new Set(['secret.key', 'tls']);

/** Most files that are listed. */
const MAX_LISTED = 3;

/** @throws CommandFailure in the doctor's words when nobody can work in the data directory. */
export function requireDataDirectory(dataDir: string): void {
  const problems = checkDataDirectory(dataDir).filter(({ state }) => state === 'problem');
  if (problems.length === 0) return;
  throw new CommandFailure(
    problems.map(({ about, found, remedy }) => `${about}: ${found}. ${remedy}`).join('\n'),
  );
}

function checkMissing(folder: string, place: string): Finding {
  const where = `${folder} is not there, and ${place}`;
  if (!statSync(place).isDirectory()) {
    return problem(ABOUT, `${where} is not a folder`, 'Choose another folder with --data-dir.');
  }
  const why = refusal(place, FOLDER);
  return why === null
    ? good(ABOUT, `${folder} is not there yet; the first start makes it`)
    : problem(
        ABOUT,
        `${where} ${why}`,
        why === READ_ONLY
          ? remedyFor(why)
          : 'Choose another folder with --data-dir, or make this one and give it to this user.',
      );
}

/** The path, or its nearest parent that is there. */
export function existing(path: string): string {
  let at = path;
  while (!isThere(at) && dirname(at) !== at) at = dirname(at);
  return at;
}

/** What lies below a file, or in a folder that may not be looked into, is not there to this user. */
function isThere(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch {
    return false;
  }
}

const WRITE = constants.R_OK | constants.W_OK;
const FOLDER = WRITE | constants.X_OK;

const READ_ONLY = 'is on a disk that is mounted read-only';

/** Why this user cannot read and write it, to come after its name; null when they can. */
function refusal(path: string, mode: number): string | null {
  try {
    accessSync(path, mode);
    return null;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // Gone since it was listed: SQLite's own files come and go.
    if (code === 'ENOENT') return null;
    return code === 'EROFS' ? READ_ONLY : 'may not be read and written by this user';
  }
}

function remedyFor(why: string): string {
  return why === READ_ONLY
    ? 'Mount it for writing, or choose another folder with --data-dir.'
    : OWNER;
}
