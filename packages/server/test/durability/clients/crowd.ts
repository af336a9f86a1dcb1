/** Everybody: visitors and agents who chat, administrators, and whoever looks when all is quiet. */
import type { AccountEvent, FeedEntry } from '@parley/engine';
import { openSqliteStore, type Store } from '@parley/store';
import { parseRecord } from '@parley/configuration/records/records';
import { creation, replacement } from '@parley/configuration/records/record-changes';
import { DEMO_ACCOUNT } from '../../harness.js';
import { DEMO_USERS } from '../../../src/demo.js';
import type { Header } from '../history/format.js';
import { Recorder } from '../history/recorder.js';
import type { Random } from '../random.js';
import { Administrator } from './administrator.js';
import { Agent, AGENT_NAMES } from './agent.js';
import { Api } from './api.js';
import { Chats } from './chats.js';
import { eventOnDisk } from './documents.js';
import { Line } from './line.js';
import { Visitor } from './visitor.js';

/** Chats at once, by user: few, so that chats queue up and agents are full. */
const MAX_CHATS: Readonly<Record<string, number>> = { agent1: 2, agent2: 2, bot1: 3 };
const VISITORS = 8;
const ADMINISTRATORS = 2;

/** How long rings and sessions wait, seconds: longer than any test. */
const PATIENCE_S = 3_600;

/** How many chats that are long over are read again, and ended logins and sessions tried. */
const OLD_CHATS = 10;
const OLD_CREDENTIALS = 3;

/** How many chats are read at once in the end. */
const AT_ONCE = 20;

/** Rounds after which a chat that nobody could end must be lost. */
const MAX_ROUNDS = 500;

export class Crowd {
  readonly recorder: Recorder;
  readonly chats = new Chats();
  readonly #api: Api;
  readonly #random: Random;
  readonly #agents: readonly Agent[];
  readonly #visitors: readonly Visitor[];
  readonly #administrators: readonly Administrator[];
  /** Chats that were over and read since. */
  readonly #settled = new Set<string>();

  /**
   * @param about how the history came to be
   * @param file where to keep it; nowhere when null
   */
  constructor(random: Random, about: string, file: string | null) {
    this.#random = random;
    this.recorder = new Recorder(headerOf(about), file);
    const api = new Api(this.recorder);
    this.#api = api;
    const each = <T>(count: number, make: (index: number) => T) =>
      Array.from({ length: count }, (_, index) => make(index + 1));
    this.#agents = AGENT_NAMES.map((user) => new Agent(user, api, this.chats, random.fork()));
    this.#visitors = each(
      VISITORS,
      (n) => new Visitor(`visitor ${n}`, api, this.chats, random.fork()),
    );
    this.#administrators = each(
      ADMINISTRATORS,
      (n) => new Administrator(`administrator ${n}`, api, random.fork()),
    );
  }

  /** Speaks to this server from now on. */
  connect(origin: string): void {
    this.#api.line?.close();
    this.#api.line = new Line(origin, (complaint) => this.recorder.complain(complaint));
  }

  disconnect(): void {
    this.#api.line?.close();
    this.#api.line = null;
  }

  /** Everybody does one thing after another until it is over. */
  async go(isOver: () => boolean): Promise<void> {
    const everybody = [...this.#visitors, ...this.#agents, ...this.#administrators];
    await Promise.all(
      everybody.map(async (each) => {
        while (!isOver()) await each.step();
      }),
    );
  }

  /** Who lost track finds out where they are; then all of it is looked at while nobody writes. */
  async look(): Promise<void> {
    for (const each of this.#administrators) await each.settle();
    for (const agent of this.#agents) await this.#settle(agent);
    // In every other life they are found as they were left.
    if (this.#random.oneIn(2)) await this.#comeBack();
    await this.recorder.quiet(async () => {
      const live = [...this.chats.live];
      const old = [...this.#settled];
      const again =
        old.length === 0 ? [] : Array.from({ length: OLD_CHATS }, () => this.#random.of(old));
      const fresh = this.chats.over.filter((chat) => !this.#settled.has(chat));
      await Promise.all([...live, ...fresh, ...again].map((chat) => this.#readWhole(chat)));
      for (const chat of fresh) this.#settled.add(chat);
      for (const agent of this.#agents) await this.#lookAs(agent, [...this.chats.live]);
      await this.#administrators[0]?.listAll();
    });
    // By chance, a busy machine gets to it in one life of many only.
    await this.#administrators[0]?.reset();
    await this.#tryOldCredentials();
  }

  /** Accepts, reads and ends chats until there are none: each of them can be accepted by somebody. */
  async finish(): Promise<void> {
    for (let round = 0; round < MAX_ROUNDS && this.chats.live.size > 0; round += 1) {
      let rings = 0;
      for (const agent of this.#agents) rings += await this.#workOff(agent);
      if (rings > 0) continue;
      for (const chat of [...this.chats.live]) await this.#readWhole(chat);
    }
    this.recorder.finished();
    const over = [...this.chats.over];
    for (let at = 0; at < over.length; at += AT_ONCE) {
      await Promise.all(over.slice(at, at + AT_ONCE).map((chat) => this.#readWhole(chat)));
    }
  }

  /** Reads every chat from the disk; no server may be running. */
  async readDisk(dataDir: string): Promise<void> {
    const store = await openSqliteStore({ directory: dataDir });
    try {
      for (const chat of [...this.chats.over, ...this.chats.live]) {
        const ask = { do: 'read', chat, by: 'disk', from: 0 } as const;
        await this.recorder.call<'read'>('the test', ask, async () => {
          const { entries } = await store.journal.readChat(DEMO_ACCOUNT, chat);
          const events = entries.flatMap(({ data }): readonly FeedEntry[] => {
            const event = JSON.parse(data) as AccountEvent;
            return 'feed' in event ? event.feed : [];
          });
          return { ok: { events: events.map(eventOnDisk), next: events.length } };
        });
      }
    } finally {
      await store.close();
    }
  }

  async #readWhole(chat: string): Promise<void> {
    this.chats.seen(chat, await this.#api.read('the test', chat, 'visitor', 0));
  }

  /**
   * Where an agent may be at work unknown to themselves, a new session shows it. Who was disabled is
   * enabled again by now.
   */
  async #settle(agent: Agent): Promise<void> {
    if (agent.isTurnedAway) await agent.logIn();
    if (agent.standing.at === 'in-session') {
      const { session } = agent.standing;
      const found = await this.#api.availability(agent.user, session);
      if ('ok' in found && !agent.unsure) return;
      agent.unsure = true;
    }
    for (let tries = 0; tries < 3 && agent.unsure; tries += 1) {
      if (agent.standing.at === 'logged-out') await agent.logIn();
      await agent.open();
    }
  }

  /** All agents at work go away, so that what rang waits, and come back: then it rings. */
  async #comeBack(): Promise<void> {
    for (const what of ['Away', 'Online'] as const) {
      for (const { user, standing } of this.#agents) {
        if (standing.at === 'in-session') await this.#api.become(user, standing.session, what);
      }
    }
  }

  async #lookAs({ user, standing }: Agent, chats: readonly string[]): Promise<void> {
    if (standing.at !== 'in-session') return;
    const { session } = standing;
    await this.#api.availability(user, session);
    await this.#api.ringing(user, session);
    await this.#api.staff(user, session);
    await Promise.all(chats.map((chat) => this.#api.info(user, chat, session)));
  }

  async #workOff(agent: Agent): Promise<number> {
    if (agent.standing.at === 'logged-out') await agent.logIn();
    if (agent.standing.at === 'logged-in') await agent.open();
    const { standing, user } = agent;
    if (standing.at !== 'in-session') return 0;
    const { session } = standing;
    await this.#api.become(user, session, 'Online');
    for (const chat of [...agent.has.keys()]) {
      if (this.chats.live.has(chat)) await agent.end(session, chat);
      await agent.read(session, chat, 0);
      agent.has.delete(chat);
    }
    await agent.takeIncoming(session);
    const ringing = await this.#api.ringing(user, session);
    return 'ok' in ringing ? ringing.ok.count + agent.has.size : 1;
  }

  /** What was ended stays ended. */
  async #tryOldCredentials(): Promise<void> {
    const { ended } = this.#api;
    for (const login of ended.logins.slice(-OLD_CREDENTIALS))
      await this.#api.use('the test', login);
    for (const session of ended.sessions.slice(-OLD_CREDENTIALS)) {
      await this.#api.availability('the test', session);
    }
  }
}

function headerOf(about: string): Header {
  const agents = AGENT_NAMES.map((user) => {
    const nickname = DEMO_USERS.find(({ loginName }) => loginName === user)?.nickname ?? user;
    return [user, { nickname, maxChats: MAX_CHATS[user] ?? -1 }] as const;
  });
  return { history: 1, about, agents: Object.fromEntries(agents) };
}

/**
 * Gives the demo's agents fewer chats, so that chats queue up and agents are full, and patience, so
 * that no agent turns Away and no session is lost because a machine is slow.
 */
export async function limitChats(store: Store): Promise<void> {
  const { items } = await store.config.list(DEMO_ACCOUNT, 'user');
  const users = items.flatMap((item) => {
    const { id, revision: _, ...user } = parseRecord('user', item);
    const maxChats = MAX_CHATS[user.loginName];
    return maxChats === undefined ? [] : [replacement('user', id, { ...user, maxChats })];
  });
  const patience = { ringSeconds: PATIENCE_S, agentLostSeconds: PATIENCE_S };
  const settings = await store.config.list(DEMO_ACCOUNT, 'settings');
  const before = settings.items.at(0);
  const change =
    before === undefined
      ? creation('settings', patience)
      : replacement('settings', before.id, { ...JSON.parse(before.data), ...patience });
  await store.config.write(DEMO_ACCOUNT, { changes: [...users, change] });
}
