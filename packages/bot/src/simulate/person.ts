/** A person of the account in a simulation: takes what rings, and answers after a while. */
import { setMaxListeners } from 'node:events';
import { type Agent, connectAgent, type AgentChat, type Line } from '@parley/client/agent';
import type { ProcessClock } from './clock.js';
import { type Duration, milliseconds } from './duration.js';
import type { ClientNetwork } from './network.js';
import { sleepOn } from './sleep.js';

export interface PersonOptions {
  /** After how long what rings is accepted; 3 s by default. */
  readonly accepts?: Duration;
  /** How long an answer takes, at most; at least a third of it. 15 s by default. */
  readonly thinks?: Duration;
  /** What is answered to a line; null: nothing. */
  readonly answers?: (line: Line, chat: AgentChat) => string | null;
  /** First words; null: none. */
  readonly greets?: string | null;
}

export interface PersonHost {
  readonly clock: ProcessClock;
  readonly network: ClientNetwork;
  readonly place: { readonly account: string; readonly domainApi: string };
  readonly username: string;
  readonly password: string;
  /** Chance of a chat's own: in which order chats need some changes nothing. */
  chanceIn(chat: string): () => number;
}

export class SimulatedPerson {
  /** The session, with everything that the client can do in it. */
  readonly agent: Agent;
  readonly #host: PersonHost;
  readonly #options: PersonOptions;

  private constructor(host: PersonHost, agent: Agent, options: PersonOptions) {
    this.#host = host;
    this.agent = agent;
    this.#options = options;
  }

  static async come(host: PersonHost, options: PersonOptions): Promise<SimulatedPerson> {
    const { clock, network, place, username, password } = host;
    const agent = await connectAgent({
      ...place,
      ...{ clock, fetch: network.fetch, login: { username, password } },
    });
    setMaxListeners(0, agent.signal);
    const person = new SimulatedPerson(host, agent, options);
    void person.#work().catch(() => {});
    return person;
  }

  /** Logs out. */
  async leaves(): Promise<void> {
    await this.agent.close();
  }

  async #work(): Promise<void> {
    for await (const offer of this.agent.offers()) {
      void (async () => {
        await sleepOn(
          this.#host.clock,
          milliseconds(this.#options.accepts ?? '3s'),
          this.agent.signal,
        );
        const chat = await offer.accept();
        if (chat !== null) await this.#serve(chat);
      })().catch(() => {});
    }
  }

  async #serve(chat: AgentChat): Promise<void> {
    const chance = this.#host.chanceIn(chat.id);
    const { greets = `Hello, this is ${this.#host.username}.`, answers = answer } = this.#options;
    if (greets !== null) {
      await this.#think(chance);
      await chat.say(greets);
    }
    // What was said before somebody else answers for.
    const after = chat.history.at(-1)?.id ?? -1;
    for await (const line of chat.lines({ from: 'visitor', after })) {
      const text = answers(line, chat);
      if (text === null) continue;
      await this.#think(chance);
      await chat.say(text);
    }
  }

  async #think(chance: () => number): Promise<void> {
    const { clock } = this.#host;
    const most = milliseconds(this.#options.thinks ?? '15s');
    await sleepOn(clock, (most * (1 + 2 * chance())) / 3, this.agent.signal);
  }
}

function answer({ text }: Line): string {
  return `I look after it: ${text}`;
}
