/** The server of a simulation: the real one, in this process, on a folder of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DEMO_ACCOUNT,
  DEMO_USERS,
  ensureDemo,
  type RunningServer,
  startServer,
} from '@parley/server';
import { Administration, openSecretBox } from '@parley/server/administration';
import { type InlineStore, openInlineStore } from '@parley/store';
import type { ProcessClock, VirtualClock } from './clock.js';
import type { Network } from './network.js';

/** Which users hold which skills, beside those that the demo account gives them. */
export type Skills = Readonly<Record<string, readonly string[]>>;

/** All of a simulation is known to everybody, and gone with it. */
const SECRET_KEY = '0'.repeat(64);

interface Running {
  readonly clock: ProcessClock;
  readonly store: InlineStore;
  readonly server: RunningServer;
}

export class SimulatedServer {
  readonly #clock: VirtualClock;
  readonly #network: Network;
  readonly #log: (line: string) => void;
  readonly #folder: string;
  readonly #skillNames = new Map<number, string>();
  #running: Running | null = null;

  private constructor(
    clock: VirtualClock,
    network: Network,
    log: (line: string) => void,
    folder: string,
  ) {
    this.#clock = clock;
    this.#network = network;
    this.#log = log;
    this.#folder = folder;
  }

  static async start(
    clock: VirtualClock,
    network: Network,
    { skills, log }: { readonly skills: Skills; readonly log: (line: string) => void },
  ): Promise<SimulatedServer> {
    const folder = await mkdtemp(join(tmpdir(), 'parley-simulation-'));
    const server = new SimulatedServer(clock, network, log, folder);
    try {
      await server.#makeAccount(skills);
      await server.start();
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
    return server;
  }

  /** The name of a skill; undefined for none. */
  skillName(id: number): string | undefined {
    return this.#skillNames.get(id);
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  /** Starts it on what is stored. */
  async start(): Promise<void> {
    const clock = this.#clock.as('server');
    const store = openInlineStore({ directory: this.#folder });
    store.store.onCommit(() => this.#network.happened());
    const server = await startServer({
      dataDir: this.#folder,
      secretKey: SECRET_KEY,
      demo: true,
      httpsPort: null,
      logStream: { write: (line) => this.#log(line) },
      logLevel: 'warn',
      clock,
      closeGraceMs: 0,
      embedded: { store: store.store, connections: (take) => this.#network.serve(take) },
    });
    this.#running = { clock, store, server };
  }

  /** Ends it as a crash of its process would: what is stored stays, everything else is gone. */
  async crash(): Promise<void> {
    const running = this.#running;
    if (running === null) return;
    this.#running = null;
    running.clock.die();
    running.store.crash();
    this.#network.serve(null);
    // What is left of it can neither hear nor store anything any more.
    await running.server.close().catch(() => {});
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    this.#network.serve(null);
    await running?.server.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #makeAccount(skills: Skills): Promise<void> {
    const { store } = openInlineStore({ directory: this.#folder });
    try {
      const box = await openSecretBox({ dataDir: this.#folder, key: SECRET_KEY });
      const now = () => this.#clock.now();
      await ensureDemo(store, now(), box);
      const administration = new Administration(
        ...[store, { name: 'simulation', from: 'localhost' }, async () => box, now],
      );
      for (const [name, users] of Object.entries(skills)) {
        const setup = await administration.setup(DEMO_ACCOUNT);
        const known = [...setup.engine.skills.values()];
        if (!known.some((skill) => skill.name === name)) {
          await administration.createSkill(DEMO_ACCOUNT, { name });
        }
        for (const user of users) {
          const held = [...setup.users.values()].find(({ loginName }) => loginName === user);
          if (held === undefined) throw new TypeError(noUser(user));
          const names = known
            .filter(({ id }) => held.skillIds.includes(id))
            .map((each) => each.name);
          const all = [...new Set([...names, name])];
          await administration.changeUser(DEMO_ACCOUNT, user, { skills: all });
        }
      }
      const { engine } = await administration.setup(DEMO_ACCOUNT);
      for (const { id, name } of engine.skills.values()) this.#skillNames.set(id, name);
    } finally {
      await store.close();
    }
  }
}

function noUser(name: string): string {
  const known = DEMO_USERS.map(({ loginName }) => loginName).join(', ');
  return `There is no user "${name}" in a simulation. There are: ${known}.`;
}
