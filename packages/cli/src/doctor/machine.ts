/** Looks at Node, at what the system allows, and at the disk. */
import { statfs } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DEFAULT_CONNECTION_LIMITS, openFilesFor } from '@parley/server';
import { existing } from './data-folder.js';
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
  if (files === null) return good(about, 'the system does not say how many there may be');
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
      `the disk of ${place} does not report its free space (${codeOf(error)})`,
      'Look at it by other means.',
    );
  }
}
