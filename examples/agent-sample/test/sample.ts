/** The sample as a process of its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Ready } from './demo-server.js';

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const recorder = new URL('record-calls.mjs', import.meta.url).href;

/** A call that the sample made. */
export interface Call {
  readonly method: string;
  readonly url: string;
  readonly authorization?: string;
  readonly body: string | null;
  readonly status: number;
}

export class Sample {
  readonly calls: Call[] = [];
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcess;
  #output = '';

  constructor(server: Ready, environment: Readonly<Record<string, string>>) {
    this.#child = fork(program, ['--domain', server.https, '--account', server.account], {
      execArgv: ['--import', recorder],
      env: { PATH: process.env['PATH'], ...environment },
      silent: true,
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    }
    this.#child.on('message', (call) => this.calls.push(call as Call));
    this.exited = new Promise((resolve) => this.#child.once('close', resolve));
  }

  /** Everything that it printed so far, without the times of day. */
  get output(): string {
    return this.#output.replace(/^\d\d:\d\d:\d\d {2}/gm, '');
  }

  interrupt(): void {
    this.#child.kill('SIGINT');
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
