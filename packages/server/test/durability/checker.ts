/** The promises of a restart, checked while nobody writes. */
import { at } from '../harness.js';
import type { AgentActor, LoggedIn, Workplace } from './agent.js';
import { isChatting, ringing } from './agent-chat.js';
import type { Ledger } from './ledger.js';
import type { Line } from './line.js';
import type { Random } from './random.js';
import type { ShownEvent, ToldChat } from './told.js';
import { readAsVisitor } from './visitor.js';

/** How many chats that are long over are read again after a restart. */
const OLD_CHATS = 10;
/** How many sessions and logins that are over are tried again. */
const OLD_CREDENTIALS = 3;

/** As `@chatState` has it. */
const OFFLINE = '1';

interface AtWork {
  readonly actor: AgentActor;
  readonly login: LoggedIn;
  readonly place: Workplace;
}

export class Checker {
  readonly #ledger: Ledger;
  readonly #agents: readonly AgentActor[];
  readonly #random: Random;
  readonly #maxChats: Readonly<Record<string, number>>;
  /** Chats that were over and read since. */
  readonly #settled = new Set<ToldChat>();

  /** @param maxChats by user */
  constructor(
    ledger: Ledger,
    agents: readonly AgentActor[],
    random: Random,
    maxChats: Readonly<Record<string, number>>,
  ) {
    this.#ledger = ledger;
    this.#agents = agents;
    this.#random = random;
    this.#maxChats = maxChats;
  }

  /** Checks all that clients were told before the stop against what they find now. */
  async afterRestart(line: Line): Promise<void> {
    for (const actor of this.#agents) await this.#standings(actor, line);
    await this.#oldCredentials(line);
    const states = await this.#feeds(line, this.#chatsToRead());
    await this.#owners(line, states);
  }

  /** Reads every chat there ever was, as its visitor. */
  async everything(line: Line): Promise<void> {
    await this.#feeds(line, [...this.#ledger.chats.values()]);
  }

  /** Logins and agent sessions go on; who lost track of theirs finds out and starts anew. */
  async #standings(actor: AgentActor, line: Line): Promise<void> {
    let { standing } = actor;
    if (standing.at === 'work') await actor.look(line, standing.place, standing.login);
    if (standing.at === 'desk') await actor.checkLogin(line, standing.login);
    ({ standing } = actor);
    const lost = standing.at === 'work' ? standing.place.unsure !== null : actor.leftBehind;
    if (!lost) return;
    if (standing.at === 'home') await actor.logIn(line);
    await actor.openSession(line);
    if (actor.standing.at !== 'work') actor.wrong('could not go back to work after the restart');
  }

  /** What was ended stays ended. */
  async #oldCredentials(line: Line): Promise<void> {
    const { deadBearers, deadSessions } = this.#ledger;
    for (const bearer of deadBearers.slice(-OLD_CREDENTIALS)) {
      const { status } = await line.send('POST', '/agentSession?v=1&NC=true', { bearer });
      if (status !== 401) this.#ledger.wrong(`a bearer was logged out, and is answered ${status}`);
    }
    for (const { user, path } of deadSessions.slice(-OLD_CREDENTIALS)) {
      const standing = this.#agents.find((actor) => actor.user === user)?.standing;
      if (standing?.at !== 'work') continue;
      const { status } = await line.send('GET', `${path}?v=1`, standing.login);
      if (status !== 404) this.#ledger.wrong(`session ${path} ended, and is answered ${status}`);
    }
  }

  #chatsToRead(): ToldChat[] {
    const { chats } = this.#ledger;
    const fresh = [...chats.values()].filter((chat) => !this.#settled.has(chat));
    const old = [...this.#settled];
    const again =
      old.length === 0 ? [] : Array.from({ length: OLD_CHATS }, () => this.#random.of(old));
    return [...fresh, ...again];
  }

  /** Reads chats as their visitors; answers the last state of those that are not over. */
  async #feeds(line: Line, chats: readonly ToldChat[]): Promise<Map<ToldChat, string>> {
    const states = new Map<ToldChat, string>();
    await Promise.all(
      chats.map(async (chat) => {
        const events = await readAsVisitor(line, chat);
        if (events === null) {
          this.#ledger.wrong(`chat ${chat.name} (${chat.id}) cannot be read by its visitor`);
          return;
        }
        const state = events.findLast(({ type }) => type === 'state')?.text ?? 'none';
        if (state !== 'ended') states.set(chat, state);
        else {
          this.#explainEnd(chat, events);
          this.#settled.add(chat);
        }
      }),
    );
    return states;
  }

  /** A chat ends because somebody ended it, not by itself. */
  #explainEnd(chat: ToldChat, events: readonly ShownEvent[]): void {
    const end = events.findIndex(({ type, text }) => type === 'state' && text === 'ended');
    const said = events[end - 1]?.systemMessageId;
    const asked = chat.writes.filter(
      ({ what, outcome }) => what === 'end' && outcome !== 'refused',
    );
    const explained =
      said === 6
        ? this.#ledger.sessionsEnded > 0
        : asked.some(({ by }) => (said === 5 ? by !== chat.name : by === chat.name));
    if (!explained) {
      this.#ledger.wrong(`chat ${chat.name} ended by itself: ${JSON.stringify(events.slice(-3))}`);
    }
    if (events.slice(end + 1).length > 0) {
      this.#ledger.wrong(`chat ${chat.name} goes on after its end: ${JSON.stringify(events)}`);
    }
  }

  /** Every live chat is waiting, ringing, or chatting with one agent; nobody has more than may be. */
  async #owners(line: Line, states: ReadonlyMap<ToldChat, string>): Promise<void> {
    const working = this.#agents.flatMap((actor): AtWork[] =>
      actor.standing.at === 'work' ? [{ actor, ...actor.standing }] : [],
    );
    const has = new Map<AtWork, number>(working.map((each) => [each, 0]));
    await Promise.all(
      [...states].map(async ([chat, state]) => {
        const having = await Promise.all(
          working.map((each) => isChatting(line, each.login, each.place, chat.id)),
        );
        const owners = working.filter((_, index) => having[index]);
        const names = owners.map(({ actor }) => actor.user);
        for (const owner of owners) has.set(owner, (has.get(owner) ?? 0) + 1);
        for (const { actor, place } of working) {
          const work = place.chats.get(chat.id);
          if (work === undefined && names.includes(actor.user)) {
            actor.wrong(`is chatting in ${chat.name} without having accepted it`);
          }
          if (work?.leaving === false && !names.includes(actor.user)) {
            actor.wrong(`has lost chat ${chat.name}, which is ${state} with [${names}]`);
          }
        }
        if (names.length !== (state === 'chatting' ? 1 : 0)) {
          this.#ledger.wrong(`chat ${chat.name} is ${state}, and [${names}] are chatting in it`);
        }
      }),
    );
    for (const each of working) await this.#settleTransfers(line, each);
    await this.#absent(line, working);
    await this.#rings(line, working, has, states);
  }

  /** Who has no session is Offline: nothing rings where nobody knows of it. */
  async #absent(line: Line, working: readonly AtWork[]): Promise<void> {
    const [asker] = working;
    if (asker === undefined) return;
    const path = `${asker.place.path}/availableAgents?v=1`;
    const { body } = await line.send('GET', path, asker.login);
    const agents = at(body, 'availableAgents.agents.agent');
    for (const actor of this.#agents) {
      const told = (Array.isArray(agents) ? agents : []).find(
        (each) => at(each, 'userName') === actor.user,
      );
      const isOffline = at(told, '@chatState') === OFFLINE;
      if (isOffline === working.some((each) => each.actor === actor)) {
        actor.wrong(`is ${JSON.stringify(told)}, and at ${actor.standing.at}`);
      }
    }
  }

  /** Who had no answer to a transfer finds out whether the chat is gone. */
  async #settleTransfers(line: Line, { login, place }: AtWork): Promise<void> {
    for (const [id, work] of place.chats) {
      if (!work.leaving) continue;
      work.leaving = !(await isChatting(line, login, place, id));
      work.chat.released = work.leaving;
      if (work.leaving) place.chats.delete(id);
    }
  }

  async #rings(
    line: Line,
    working: readonly AtWork[],
    has: ReadonlyMap<AtWork, number>,
    states: ReadonlyMap<ToldChat, string>,
  ): Promise<void> {
    let rings = 0;
    const free: string[] = [];
    for (const each of working) {
      const { user } = each.actor;
      const ring = await ringing(line, each.login, each.place);
      if (ring === null) {
        each.actor.wrong('cannot read how many chats ring');
        continue;
      }
      rings += ring;
      const load = (has.get(each) ?? 0) + ring;
      const most = this.#maxChats[user] ?? 0;
      // One more than the cap is a transfer aimed at the agent.
      if (load > most + 1) each.actor.wrong(`has ${load} chats of at most ${most}`);
      if (load < most && each.place.availability.join() === 'Online') free.push(user);
    }
    const waiting = [...states].filter(([, state]) => state === 'waiting').map(([chat]) => chat);
    const due = waiting.filter(({ giver }) => free.some((user) => user !== giver));
    if (due.length > rings) {
      const names = due.map(({ name }) => name);
      this.#ledger.wrong(
        `[${free}] are Online with room, and of the waiting chats [${names}] only ${rings} ring`,
      );
    }
  }
}
