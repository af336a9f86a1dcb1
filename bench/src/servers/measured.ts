/** A server under measurement: a process of its own, with the probe loaded. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { ProbeAnswer, ProbeQuestion, ThreadProfile } from './probe-messages.js';

const PROBE = new URL('./probe.js', import.meta.url).href;
const START_MS = 30_000;
const ANSWER_MS = 15_000;
const STOP_MS = 20_000;

export interface MeasuredOptions {
  /** Arguments of `node`: the program and its own. */
  readonly program: readonly string[];
  /** Port of the server in the first line that it prints: one JSON object. */
  readonly portIn: (line: unknown) => number | undefined;
  /** The same of its TLS port, where it has one. */
  readonly tlsPortIn?: (line: unknown) => number | undefined;
  /** Written to the program's standard input; null for none. */
  readonly input: string | null;
}

type Memory = Extract<ProbeAnswer, { probe: 'memory' }>;

export class MeasuredServer {
  readonly port: number;
  readonly tlsPort: number | undefined;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number, tlsPort: number | undefined) {
    this.#child = child;
    this.port = port;
    this.tlsPort = tlsPort;
  }

  /**
   * Starts a server and waits until it listens.
   * @throws Error when it ends, or says nothing, before that.
   */
  static async start(options: MeasuredOptions): Promise<MeasuredServer> {
    const child = spawn(process.execPath, ['--expose-gc', '--import', PROBE, ...options.program], {
      stdio: ['pipe', 'pipe', 'inherit', 'ipc'],
    });
    child.stdin?.end(options.input ?? '');
    try {
      const line = await firstLine(child);
      const started: unknown = JSON.parse(line);
      const port = options.portIn(started);
      if (port === undefined) throw new Error(`It named no port: ${line.slice(0, 200)}`);
      return new MeasuredServer(child, port, options.tlsPortIn?.(started));
    } catch (cause) {
      child.kill('SIGKILL');
      throw new Error(`The server did not start: node ${options.program.join(' ')}`, { cause });
    }
  }

  /** CPU time of all its threads since its start, seconds. */
  async cpuSeconds(): Promise<number> {
    const answer = await this.#ask({ probe: 'cpu' });
    if (answer.probe !== 'cpu') throw new Error(`asked for cpu, got ${answer.probe}`);
    return answer.seconds;
  }

  /** What it holds after a collection of garbage. */
  async memory(): Promise<Memory> {
    const answer = await this.#ask({ probe: 'memory' });
    if (answer.probe !== 'memory') throw new Error(`asked for memory, got ${answer.probe}`);
    return answer;
  }

  /** Starts to note what its threads do. */
  async startProfile(): Promise<void> {
    await this.#ask({ probe: 'profile', do: 'start' });
  }

  /** What its threads did since then. */
  async stopProfile(): Promise<readonly ThreadProfile[]> {
    const answer = await this.#ask({ probe: 'profile', do: 'stop' });
    if (answer.probe !== 'profile') throw new Error(`asked for a profile, got ${answer.probe}`);
    return answer.threads;
  }

  /** Asks it to stop and waits until it has. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(timer);
  }

  async #ask(question: ProbeQuestion): Promise<ProbeAnswer> {
    const answered = once(this.#child, 'message', { signal: AbortSignal.timeout(ANSWER_MS) });
    this.#child.send(question);
    const [answer]: ProbeAnswer[] = await answered;
    if (answer === undefined) throw new Error('the probe answered nothing');
    return answer;
  }
}

/** What the program prints first; the rest of its output is read and dropped. */
function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`It said nothing within ${START_MS / 1000} seconds.`)),
      START_MS,
    );
    const { stdout } = child;
    if (stdout === null) return reject(new Error('It has no standard output.'));
    createInterface({ input: stdout }).once('line', (line) => {
      clearTimeout(timer);
      stdout.resume();
      resolve(line);
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`It ended with code ${code}; what it said stands above.`));
    });
  });
}
