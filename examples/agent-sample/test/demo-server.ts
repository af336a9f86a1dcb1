/** The demo server as a process of its own, on free ports and in a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../../packages/cli/dist/main.js', import.meta.url));

/** What the server says when it is ready. */
export interface Ready {
  readonly http: string;
  readonly https: string;
  /** File of the certificate to trust. */
  readonly caCert: string;
  readonly account: string;
}

export class DemoServer {
  readonly ready: Ready;
  readonly #child: ChildProcess;
  readonly #dataDir: string;

  private constructor(ready: Ready, child: ChildProcess, dataDir: string) {
    this.ready = ready;
    this.#child = child;
    this.#dataDir = dataDir;
  }

  /** @throws Error when it ends before it is ready, with what it said. */
  static async start(): Promise<DemoServer> {
    const dataDir = await mkdtemp(join(tmpdir(), 'parley-sample-'));
    const ports = ['--http-port', '0', '--https-port', '0'];
    const child = spawn(
      process.execPath,
      [program, 'serve', '--demo', '--json', '--data-dir', dataDir, ...ports],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let complaints = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints += text;
    });
    const ready = await new Promise<Ready>((resolve, reject) => {
      createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line)));
      child.once('error', reject);
      child.once('close', (code) => reject(new Error(`the server ended (${code}): ${complaints}`)));
    });
    return new DemoServer(ready, child, dataDir);
  }

  /** `http://host:port/api/account/{account}` */
  get base(): string {
    return `${this.ready.http}/api/account/${this.ready.account}`;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.kill('SIGKILL');
    await closed;
    await rm(this.#dataDir, { recursive: true, force: true });
  }
}
