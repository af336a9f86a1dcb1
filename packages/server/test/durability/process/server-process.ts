/** The `parley` server as a process of its own, to be killed. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { at } from '../../harness.js';
import type { Disk } from '../disk/disk.js';

const slowDisk = new URL('slow-disk.mjs', import.meta.url);
const clock = new URL('clock.mjs', import.meta.url);
const plant = new URL('plant.mjs', import.meta.url);
const warm = new URL('../../../../cli/test/warm-start.mjs', import.meta.url);
const program = fileURLToPath(new URL('../../../../cli/dist/main.js', import.meta.url));

/** Longest time a start may take on a busy machine, ms. */
const MAX_START_MS = 60_000;

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A bug: in files of the build, some text is another. */
export type Bug = readonly {
  /** End of the file's path. */
  readonly file: string;
  readonly find: string;
  readonly put: string;
}[];

/** What is wrong with a server and what is around it. */
export interface Conditions {
  /** How long every write waits before it is begun, ms. */
  readonly slowMs?: number;
  /** How long every sync of `disk` takes, ms. */
  readonly syncMs?: number;
  /** Bytes beyond which no file may grow, until `enlargeDisk`. */
  readonly largestFile?: number;
  /** The disk that the data is on, if it is one of ours. */
  readonly disk?: Disk;
  /** File through which its clocks can be set (`setClock`). */
  readonly clockFile?: string;
  readonly bug?: Bug | undefined;
}

export class ServerProcess {
  /** Resolves with the HTTP origin once the server, begun, says that it is ready. */
  readonly ready: Promise<string>;
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  #begunAt = 0;
  #startTimer: NodeJS.Timeout | undefined;
  #onLate: () => void = () => {};
  #readyAfter = 0;
  #complaints = '';
  readonly #clockFile: string | null;

  /** Reads the server's code and then waits for `begin`. */
  constructor(dataDir: string, conditions: Conditions = {}) {
    if (!existsSync(program)) {
      throw new Error(`${program} is missing: build it first, with "npx tsc -b packages/cli".`);
    }
    const { PATH = '', HOME = '' } = process.env;
    const { slowMs = 0, syncMs = 0, largestFile, disk, clockFile, bug } = conditions;
    this.#clockFile = clockFile ?? null;
    const command = [
      ...(largestFile === undefined ? [] : ['prlimit', `--fsize=${largestFile}:unlimited`]),
      process.execPath,
      ...(clockFile === undefined ? [] : ['--import', clock.href]),
      ...(bug === undefined ? [] : ['--import', plant.href]),
      ...['--import', warm.href],
      ...(slowMs > 0 ? ['--import', `${slowDisk.href}?ms=${slowMs}`] : []),
      ...[program, 'serve', '--demo', '--data-dir', dataDir, '--json', '--log-level', 'error'],
      ...['--http-port', '0', '--https-port', '0'],
    ];
    this.#child = spawn(command[0] ?? '', command.slice(1), {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {
        PATH,
        HOME,
        ...disk?.environment,
        ...(syncMs > 0 ? { PARLEY_DISK_SYNC_MS: String(syncMs) } : {}),
        ...(clockFile === undefined ? {} : { PARLEY_CLOCK: clockFile }),
        ...(bug === undefined ? {} : { PARLEY_PLANT: JSON.stringify(bug) }),
      },
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complaints = (this.#complaints + text).slice(-4_000);
    });
    this.exited = new Promise((resolve) => {
      this.#child.on('close', (code, signal) => resolve({ code, signal }));
    });
    this.ready = this.#readReadyLine();
    // Whoever kills it while it starts does not wait for it.
    this.ready.catch(() => {});
    this.#child.stdin?.on('error', () => {});
  }

  /** Starts it on free ports; the demo account is made unless the folder has it. */
  begin(): this {
    this.#begunAt = performance.now();
    this.#startTimer = setTimeout(() => this.#onLate(), MAX_START_MS);
    this.#child.stdin?.write('begin\n');
    return this;
  }

  /** Ms from `begin` to being ready. */
  get readyAfter(): number {
    return this.#readyAfter;
  }

  /** What it wrote to standard error, at most the last part. */
  get complaints(): string {
    return this.#complaints;
  }

  /** Lets files grow again. */
  enlargeDisk(): void {
    const { pid } = this.#child;
    const { status, error } = spawnSync('prlimit', [`--pid=${pid}`, '--fsize=unlimited:unlimited']);
    if (status !== 0) throw new Error(`prlimit ended with ${status}`, { cause: error });
  }

  /** Sends a signal and waits for the end. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<Exit> {
    this.#child.kill(signal);
    return this.exited;
  }

  /**
   * Sets its clocks, a little later.
   * @param set how far the date is off, ms
   * @param stood for how long the process seems to have stood still, all in all, ms
   */
  setClock(set: number, stood: number): void {
    if (this.#clockFile === null) throw new Error('this server has no clock file');
    writeFileSync(this.#clockFile, JSON.stringify([set, stood]));
    this.#child.kill('SIGUSR2');
  }

  /** Sends a signal and does not wait. */
  signal(signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal);
  }

  #readReadyLine(): Promise<string> {
    return new Promise((resolve, reject) => {
      const failed = (why: string) => {
        clearTimeout(this.#startTimer);
        reject(new Error(`The server ${why}. It said: ${this.#complaints || 'nothing'}`));
      };
      // From `begin` on: until then it waits for as long as the others live.
      this.#onLate = () => {
        failed(`was not ready after ${MAX_START_MS} ms`);
        this.#child.kill('SIGKILL');
      };
      void this.exited.then(({ code, signal }) =>
        failed(`ended (${signal ?? code}) before it was ready`),
      );
      if (this.#child.stdout === null) return;
      createInterface({ input: this.#child.stdout }).once('line', (line) => {
        clearTimeout(this.#startTimer);
        this.#readyAfter = performance.now() - this.#begunAt;
        const port = at(JSON.parse(line), 'httpPort');
        if (typeof port === 'number') resolve(`http://127.0.0.1:${port}`);
        else failed(`wrote "${line}" instead of its ports`);
      });
    });
  }
}
