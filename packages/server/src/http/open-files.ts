/** How many files, and so connections, the system lets this process have open (`ulimit -n`). */
import { readFileSync } from 'node:fs';

/** Files that are open besides connections: the store, the log, sockets that listen. */
const BESIDES = 200;

/** What the limit means for a number of connections. */
export interface OpenFiles {
  readonly limit: number;
  /** Connections that there is room for. */
  readonly connections: number;
  /** What to do about it; null when there is room for all. */
  readonly shortage: string | null;
}

/**
 * @param wanted connections that may be open at once
 * @returns null where the system does not say
 */
export function openFilesFor(wanted: number, limit = openFileLimit()): OpenFiles | null {
  if (limit === null) return null;
  const connections = Math.max(1, Math.min(wanted, limit - BESIDES));
  const shortage =
    connections === wanted
      ? null
      : `The system lets a process open ${limit} files (ulimit -n), so at most ${connections} connections are taken of the ${wanted} that are allowed: raise it to ${wanted + BESIDES} or more, with "ulimit -n" before the start, or LimitNOFILE= of the systemd unit.`;
  return { limit, connections, shortage };
}

/** Node raises the soft limit to the hard one at its start. */
function openFileLimit(): number | null {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8');
    const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
    return soft === undefined ? null : Number(soft);
  } catch {
    // No such file on this system.
    return null;
  }
}
