/** Visitors and agents who chat at random, and all that they were told. */
import { AgentActor } from './agent.js';
import { Checker } from './checker.js';
import { Ledger } from './ledger.js';
import type { Line } from './line.js';
import type { Random } from './random.js';
import { Visitor } from './visitor.js';

/** Chats at once, by user: few, so that chats queue up and agents are full. */
export const MAX_CHATS: Readonly<Record<string, number>> = { agent1: 2, agent2: 2, bot1: 3 };
const VISITORS = 8;

export class Crowd {
  readonly ledger = new Ledger();
  readonly agents: readonly AgentActor[];
  readonly checker: Checker;
  readonly #visitors: readonly Visitor[];

  constructor(random: Random) {
    const { ledger } = this;
    this.agents = Object.keys(MAX_CHATS).map((user) => new AgentActor(user, ledger, random.fork()));
    this.#visitors = Array.from({ length: VISITORS }, () => new Visitor(ledger, random.fork()));
    this.checker = new Checker(ledger, this.agents, random.fork(), MAX_CHATS);
  }

  /** Everybody does one thing after another until it is over. */
  async chat(line: Line, isOver: () => boolean): Promise<void> {
    const everybody = [...this.#visitors, ...this.agents];
    await Promise.all(
      everybody.map(async (each) => {
        while (!isOver()) await each.step(line);
      }),
    );
  }

  /** What went on, for people. */
  summary(): object {
    const { chats, counts, requests } = this.ledger;
    const writes: Record<string, number> = {};
    for (const { outcome } of [...chats.values()].flatMap((chat) => chat.writes)) {
      writes[outcome] = (writes[outcome] ?? 0) + 1;
    }
    return { ...counts, chats: chats.size, requests: requests.size, writes };
  }
}
