/** The programs in a README, each to be run as it stands there. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, vi } from 'vitest';

/** The README of a package. */
export class Readme {
  readonly #folder: string;
  readonly #programs: ReadonlyMap<string, string>;
  readonly #ran = new Set<string>();
  readonly #running: Program[] = [];

  /** @param folder of the package */
  constructor(folder: string) {
    this.#folder = folder;
    const text = readFileSync(`${folder}/README.md`, 'utf8');
    const found = text.matchAll(/<!-- runs: (\w+) -->\n```js\n(.*?)```/gs);
    this.#programs = new Map([...found].map(([, name = '', code = '']) => [name, code]));
  }

  /** How many programs there are. */
  get size(): number {
    return this.#programs.size;
  }

  /** Names of the programs that did not run. */
  get left(): readonly string[] {
    return [...this.#programs.keys()].filter((name) => !this.#ran.has(name));
  }

  /**
   * Starts a program against a server.
   * @param base address of the server
   * @param more addresses and folders of other things, and what stands in their place
   */
  run(name: string, base: string, more: Readonly<Record<string, string>> = {}): Program {
    let code = this.#programs.get(name)?.replaceAll('http://localhost:8080', base);
    for (const [there, here] of Object.entries(more)) code = code?.replaceAll(there, here);
    if (code === undefined) throw new Error(`the README has no program "${name}"`);
    this.#ran.add(name);
    const program = new Program(this.#folder, code);
    this.#running.push(program);
    return program;
  }

  /** Kills whatever still runs. */
  stop(): void {
    for (const program of this.#running.splice(0)) program.kill();
  }
}

/** A program as a process of its own, on the built package. */
export class Program {
  output = '';
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcess;

  constructor(cwd: string, code: string) {
    this.#child = spawn(process.execPath, ['--input-type=module', '-'], {
      cwd,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    }
    this.exited = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.stdin?.end(code);
  }

  printed(text: string): Promise<void> {
    return vi.waitFor(() => expect(this.output).toContain(text), { timeout: 15_000, interval: 30 });
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.#child.kill(signal);
  }
}
