import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A program of this folder, running on the built store, and what it prints line by line. */
export interface Child {
  readonly process: ChildProcess;
  /** The next line it prints; throws with its error output when it ends first. */
  line(): Promise<string>;
  /** Every line printed up to its end. */
  rest(): Promise<string[]>;
  /** Its exit code, once it has ended; null when it was killed. */
  readonly ended: Promise<number | null>;
  /** Kills it as `kill -9` does and waits for its end. */
  kill(): Promise<void>;
}

/** Starts `program` (a file of this folder) with arguments, in a shell when limits are given. */
export function startChild(program: string, args: readonly string[], limits?: string): Child {
  const command = [process.execPath, fileURLToPath(new URL(program, import.meta.url)), ...args];
  const child = limits
    ? spawn('sh', ['-c', `${limits}; exec "$@"`, 'sh', ...command])
    : spawn(command[0] ?? '', command.slice(1));
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    process: child,
    ended,
    async line() {
      const next = await lines.next();
      if (next.done) throw new Error(`${program} ended early. It wrote: ${errors}`);
      return next.value;
    },
    async rest() {
      const found: string[] = [];
      for (let next = await lines.next(); !next.done; next = await lines.next()) {
        found.push(next.value);
      }
      return found;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
