/**
 * Runs the `parley` command: as people do, built and as a process of its own, or in this process, which
 * is much quicker where the command's work is what is tested.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { run } from '../src/program.js';

export const PROGRAM = fileURLToPath(new URL('../bin/parley.js', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export type Variables = Readonly<Record<string, string>>;

/** A folder of this test's own, removed when it is over. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-cli-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A command that was started. */
export class Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Outcome>;
  #out = '';
  #err = '';

  constructor(
    program: string,
    args: readonly string[],
    variables: Variables,
    folder?: string,
    user: { readonly uid?: number; readonly gid?: number } = {},
  ) {
    const { PATH = '' } = process.env;
    this.child = spawn(program, args, {
      ...(folder === undefined ? {} : { cwd: folder }),
      ...user,
      env: { PATH, ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#out += text;
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#err += text;
    });
    this.ended = new Promise((resolve, reject) => {
      this.child.on('error', reject);
      this.child.on('close', (code) => resolve({ code, out: this.#out, err: this.#err }));
    });
  }

  get out(): string {
    return this.#out;
  }

  /** Resolves when standard output has the text. @throws Error when the command ends before. */
  async says(text: string): Promise<void> {
    const ended = this.ended.then((outcome) => {
      throw new Error(
        `it ended without saying ${JSON.stringify(text)}: ${JSON.stringify(outcome)}`,
      );
    });
    // Reported by the race below; a later end is none of its business.
    ended.catch(() => {});
    const said = new Promise<void>((resolve) => {
      const look = () => {
        if (!this.#out.includes(text)) return;
        this.child.stdout?.off('data', look);
        resolve();
      };
      this.child.stdout?.on('data', look);
      look();
    });
    await Promise.race([said, ended]);
  }
}

/** Runs a command to its end, in a folder. */
export function parley(
  args: readonly string[],
  variables: Variables = {},
  folder?: string,
): Promise<Outcome> {
  return new Started(process.execPath, [PROGRAM, ...args], variables, folder).ended;
}

/** Runs a command to its end in this process; its environment is what it asks the terminal for. */
export async function parleyHere(
  args: readonly string[],
  variables: Variables = {},
): Promise<Outcome> {
  let [out, err] = ['', ''];
  const code = await run(args, {
    print: (line) => {
      out += `${line}\n`;
    },
    note: (line) => {
      err += `${line}\n`;
    },
    interactive: false,
    askHidden: () => Promise.reject(new Error('there is nobody to ask')),
    env: (name) => variables[name],
  });
  return { code, out, err };
}

/** What `--json` prints about a server. */
export interface Ready {
  readonly ready: boolean;
  readonly httpPort: number;
  readonly httpsPort: number | null;
  readonly http: string;
  readonly https: string | null;
  readonly caCert: string | null;
  readonly account: string | null;
  readonly pid: number;
}

/** Starts a server and waits until it serves; it is killed when the test is over. */
export async function serve(
  args: readonly string[],
  variables: Variables = {},
): Promise<{ readonly started: Started; readonly ready: Ready }> {
  return whenReady(start(['serve', '--json', ...args], variables));
}

/** Starts a server and waits until it serves; whoever asks for it kills it. */
export async function serveForAll(
  args: readonly string[],
): Promise<{ readonly started: Started; readonly ready: Ready }> {
  return whenReady(new Started(process.execPath, [PROGRAM, 'serve', '--json', ...args], {}));
}

async function whenReady(started: Started) {
  await started.says('\n');
  const ready: Ready = JSON.parse(started.out);
  return { started, ready };
}

/** Starts a command that goes on until it is stopped; it is killed when the test is over. */
export function start(args: readonly string[], variables: Variables = {}): Started {
  const started = new Started(process.execPath, [PROGRAM, ...args], variables);
  onTestFinished(async () => {
    started.child.kill('SIGKILL');
    await started.ended;
  });
  return started;
}

/** A POST with a JSON body. */
export function post(
  url: string,
  body: unknown,
  bearer?: string,
): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }> {
  const authorization = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers: authorization, agent: false });
    sent.on('error', reject);
    sent.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: text === '' ? {} : JSON.parse(text) });
      });
    });
    sent.end(JSON.stringify(body));
  });
}
