/** Looks at Node, the data directory and its disk. */
import { accessSync, constants, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { DEFAULT_CONNECTION_LIMITS, openFilesFor } from '@parley/server';
import { codeOf, type Finding, good, problem, warning } from './finding.js';

/** Oldest Node that Parley runs on. */
const OLDEST_NODE = [20, 19] as const;

export function checkNode(version = process.versions.node): Finding {
  const about = 'Node.js';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor, wantedMinor] = OLDEST_NODE;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) {
    return good(about, `version ${version}`);
  }
  return problem(
    about,
    `version ${version} is too old`,
    `Install Node.js ${OLDEST_NODE.join('.')} or newer.`,
  );
}

/** Whether the system lets the server have as many connections as it would take. */
export function checkOpenFiles(files = openFilesFor(DEFAULT_CONNECTION_LIMITS.inAll)): Finding {
  const about = 'Open files';
  if (files === null) return good(about, 'the system does not tell how many there may be');
  if (files.shortage !== null) {
    const found = `${files.limit} (ulimit -n), room for ${files.connections} connections of ${DEFAULT_CONNECTION_LIMITS.inAll}`;
    return warning(
      about,
      found,
      'Raise it before the start: ulimit -n 20000, or LimitNOFILE=20000.',
    );
  }
  return good(about, `${files.limit} (ulimit -n), room for ${files.connections} connections`);
}

/** Bits of a mode that let other users in. */
const OTHERS = 0o077;

export function checkDataDirectory(dataDir: string): Finding[] {
  const about = 'Data directory';
  const folder = resolve(dataDir);
  const place = existing(folder);
  if (place !== folder) {
    return [
      writable(place)
        ? good(about, `${folder} is not there yet; the first start makes it`)
        : problem(
            about,
            `${folder} is not there, and ${place} may not be written by this user`,
            'Choose another folder with --data-dir, or make this one and give it to this user.',
          ),
    ];
  }
  const { mode } = statSync(folder);
  if (!statSync(folder).isDirectory()) {
    return [problem(about, `${folder} is not a folder`, 'Choose another folder with --data-dir.')];
  }
  if (!writable(folder)) {
    return [
      problem(
        about,
        `${folder} may not be read and written by this user`,
        'Run Parley as the user who owns it, or give it to this user with chown.',
      ),
    ];
  }
  const findings = [good(about, `${folder} can be read and written`)];
  if ((mode & OTHERS) !== 0 && process.platform !== 'win32') {
    const octal = (mode & 0o777).toString(8);
    findings.push(
      warning(about, `other users may look into it (mode ${octal})`, `Run: chmod 700 ${folder}`),
    );
  }
  return findings;
}

const GIB = 1024 ** 3;
/** Free space below which one should look around, and below which nothing may work, bytes. */
const LITTLE = 2 * GIB;
const TOO_LITTLE = GIB / 4;

export async function checkDisk(dataDir: string): Promise<Finding> {
  const about = 'Disk space';
  const place = existing(resolve(dataDir));
  try {
    const { bavail, bsize } = await statfs(place);
    const free = bavail * bsize;
    const found = `${(free / GIB).toFixed(1)} GiB free for ${place}`;
    const remedy = 'Free some space, or move the data directory to another disk.';
    if (free < TOO_LITTLE) return problem(about, found, remedy);
    return free < LITTLE ? warning(about, found, remedy) : good(about, found);
  } catch (error) {
    return warning(
      about,
      `the disk of ${place} does not tell its free space (${codeOf(error)})`,
      'Look at it by other means.',
    );
  }
}

/** The path, or its nearest parent that is there. */
function existing(path: string): string {
  let at = path;
  while (statSync(at, { throwIfNoEntry: false }) === undefined && dirname(at) !== at) {
    at = dirname(at);
  }
  return at;
}

function writable(folder: string): boolean {
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
