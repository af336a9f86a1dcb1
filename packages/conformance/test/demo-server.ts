/** The `parley` command as people run it: a server with the demo account, and runs of the suite. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Target } from '../src/index.js';

const PROGRAM = fileURLToPath(new URL('../../cli/dist/main.js', import.meta.url));

/** Longest time a start may take on a busy machine, ms. */
const MAX_START_MS = 60_000;

export const DEMO = {
  account: '12345678',
  password: 'parley-demo',
  appKey: 'parley-demo-visitor-key',
  bot: {
    username: 'bot1',
    appKey: 'parley-demo-bot-key',
    secret: 'parley-demo-bot-secret',
    accessToken: 'parley-demo-bot-token',
    accessTokenSecret: 'parley-demo-bot-token-secret',
  },
} as const;

/** Everything that must not show up in a report. */
export const DEMO_SECRETS = [
  DEMO.password,
  DEMO.appKey,
  DEMO.bot.appKey,
  DEMO.bot.secret,
  DEMO.bot.accessToken,
  DEMO.bot.accessTokenSecret,
];

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function start(args: readonly string[], variables: Readonly<Record<string, string>>): ChildProcess {
  if (!existsSync(PROGRAM)) {
    throw new Error(`${PROGRAM} is missing: build it first, with "npx tsc -b packages/cli".`);
  }
  const { PATH = '' } = process.env;
  return spawn(process.execPath, [PROGRAM, ...args], {
    env: { PATH, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs a command to its end. */
export async function parley(
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const child = start(args, variables);
  let [out, err] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { code, out, err };
}

export class DemoServer {
  readonly http: string;
  readonly https: string;
  readonly caFile: string;
  readonly ca: string;
  readonly #child: ChildProcess;
  readonly #folder: string;

  constructor(child: ChildProcess, folder: string, ready: Ready, ca: string) {
    this.#child = child;
    this.#folder = folder;
    this.http = ready.http;
    this.https = ready.https;
    this.caFile = ready.caCert;
    this.ca = ca;
  }

  /** Starts one on free ports, in a folder of its own. */
  static async start(): Promise<DemoServer> {
    const folder = await mkdtemp(join(tmpdir(), 'parley-conformance-'));
    const ports = ['--http-port', '0', '--https-port', '0', '--log-level', 'fatal'];
    const child = start(['serve', '--demo', '--json', '--data-dir', folder, ...ports], {});
    const ready = await readyLine(child);
    return new DemoServer(child, folder, ready, await readFile(ready.caCert, 'utf8'));
  }

  /** The demo account at an address of this server, or of something in front of it. */
  target(baseUrl: string): Target {
    return {
      baseUrl,
      account: DEMO.account,
      agent: { username: 'agent1', password: DEMO.password },
      agent2: { username: 'agent2', password: DEMO.password },
      appKey: DEMO.appKey,
      bot: DEMO.bot,
      ca: this.ca,
    };
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.on('close', resolve));
    this.#child.kill('SIGTERM');
    await ended;
    await rm(this.#folder, { recursive: true, force: true });
  }
}

interface Ready {
  readonly http: string;
  readonly https: string;
  readonly caCert: string;
}

function readyLine(child: ChildProcess): Promise<Ready> {
  return new Promise((resolve, reject) => {
    let complaints = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaints = (complaints + text).slice(-4_000);
    });
    const failed = (why: string) => reject(new Error(`The server ${why}: ${complaints}`));
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      failed(`was not ready after ${MAX_START_MS} ms`);
    }, MAX_START_MS);
    child.once('close', (code) => failed(`ended (${code}) before it was ready`));
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).once('line', (line) => {
      clearTimeout(timer);
      resolve(JSON.parse(line) as Ready);
    });
  });
}
