/**
 * While nobody writes, everything that is asked is about the same state:
 *
 * 1. A chat that says that it is with an agent is with exactly one, a waiting one with none.
 * 2. A chat rings at one agent at most; nobody has and is rung by more chats than they may have.
 * 3. Nothing waits while an agent who may take it is Online and has room: no chat rings nowhere.
 * 4. Who has no session is Offline: nothing rings where nobody knows of it.
 * 5. Everything is answered: a server that refuses everything keeps no promise.
 */
import type { Header } from '../history/format.js';
import type { Calls, OkCall, Quiet } from './calls.js';
import type { Course } from './course.js';
import type { Requests } from './requests.js';
import type { Sessions } from './sessions.js';

/** An agent at work, as they were found. */
interface Found {
  readonly user: string;
  readonly online: boolean;
  readonly rings: number;
  readonly has: readonly string[];
}

export class QuietChecker {
  readonly problems: string[] = [];
  readonly #calls: Calls;
  readonly #courses: ReadonlyMap<string, Course>;
  readonly #sessions: Sessions;
  readonly #header: Header;
  readonly #unanswered: ReturnType<Requests['unanswered']>;

  constructor(
    calls: Calls,
    requests: Requests,
    courses: ReadonlyMap<string, Course>,
    sessions: Sessions,
    header: Header,
  ) {
    this.#calls = calls;
    this.#unanswered = requests.unanswered();
    this.#courses = courses;
    this.#sessions = sessions;
    this.#header = header;
  }

  check(): void {
    for (const quiet of this.#calls.quiet) this.#checkOne(quiet);
    if (this.#calls.finished === Infinity) return;
    const live = [...this.#courses.values()].filter(({ ended }) => ended === null);
    if (live.length === 0) return;
    const names = live.map(({ feed }) => feed.chat);
    this.#wrong(`could not be brought to their end: chats ${names.join(', ')}`);
  }

  #checkOne({ begin, end }: Quiet): void {
    const within = ({ start, end: last }: { start: number; end: number }) =>
      begin < start && last < end;
    const unanswered = this.#calls.all.find((call) => call.outcome === 'unknown' && within(call));
    if (unanswered !== undefined) {
      const { number, ask, status } = unanswered as { status: number } & typeof unanswered;
      this.#wrong(`call ${number} (${ask.do}) is answered ${status} while nobody writes`);
    }
    const states = this.#statesIn(this.#calls.done('read').filter(within));
    const infos = this.#calls.done('info').filter(within);
    const chatting = infos.filter(({ answer }) => answer.state === 'chatting');
    const found = this.#calls
      .done('availability')
      .filter(within)
      .map(({ ask, answer }): Found => {
        const user = this.#sessions.userOf(ask.session as '/') ?? '';
        const rings = this.#calls.done('ringing').filter(within);
        return {
          user,
          online: answer.is === 'Online',
          rings: rings.find((call) => call.ask.session === ask.session)?.answer.count ?? 0,
          has: chatting.filter((call) => call.ask.by === ask.session).map((call) => call.ask.chat),
        };
      });
    if (found.length === 0) return;
    const when = `while nobody wrote (lines ${begin} to ${end})`;
    this.#checkPlaces(states, found, when);
    this.#checkRings(states, found, this.#unseen(states, begin), when);
    for (const call of this.#calls.done('staff').filter(within)) {
      const there = found.map(({ user }) => user);
      for (const user of Object.keys(this.#header.agents)) {
        if (call.answer.online.includes(user) !== there.includes(user)) {
          this.#wrong(
            `${user} is ${there.includes(user) ? 'at work' : 'not at work'}, and call ${call.number} shows otherwise, ${when}`,
          );
        }
      }
    }
  }

  /** The state of each live chat, as its visitor was shown the whole of it. */
  #statesIn(reads: readonly OkCall<'read'>[]): Map<string, string> {
    const states = new Map<string, string>();
    for (const { ask, answer } of reads) {
      if (ask.by !== 'visitor' || ask.from !== 0) continue;
      const state = answer.events.findLast(({ type }) => type === 'state')?.text ?? 'none';
      if (state !== 'ended') states.set(ask.chat, state);
    }
    return states;
  }

  /** How many chats may wait of which nobody knew then: whoever asked for them got no answer. */
  #unseen(states: ReadonlyMap<string, string>, begin: number): number {
    return this.#unanswered.filter(({ start, chat }) => {
      if (start > begin || (chat !== null && states.has(chat))) return false;
      const ended = chat === null ? null : this.#courses.get(chat)?.ended;
      return ended == null || ended.event.knownAt > begin;
    }).length;
  }

  #checkPlaces(states: ReadonlyMap<string, string>, found: readonly Found[], when: string): void {
    for (const [chat, state] of states) {
      const users = found.filter(({ has }) => has.includes(chat)).map(({ user }) => user);
      if (users.length !== (state === 'chatting' ? 1 : 0)) {
        this.#wrong(`chat ${chat} is ${state}, and [${users}] are in it ${when}`);
      }
    }
  }

  /** @param unseen chats that may wait beside those of `states` */
  #checkRings(
    states: ReadonlyMap<string, string>,
    found: readonly Found[],
    unseen: number,
    when: string,
  ): void {
    const waiting = [...states].filter(([, state]) => state === 'waiting').map(([chat]) => chat);
    const rings = found.reduce((sum, each) => sum + each.rings, 0);
    if (rings > waiting.length + unseen) {
      const more = unseen === 0 ? '' : ` and perhaps ${unseen} that nobody was shown`;
      this.#wrong(`${rings} chats ring and only [${waiting}]${more} wait ${when}`);
    }
    const free: string[] = [];
    for (const { user, online, rings: own, has } of found) {
      const most = this.#header.agents[user]?.maxChats ?? -1;
      if (most < 0) continue;
      const load = has.length + own;
      // One more than the cap is a transfer aimed at the agent.
      if (load > most + 1) this.#wrong(`${user} has ${load} chats of at most ${most} ${when}`);
      if (online && load < most) free.push(user);
    }
    const due = waiting.filter((chat) =>
      free.some((user) => user !== this.#courses.get(chat)?.giver),
    );
    if (due.length > rings) {
      this.#wrong(
        `[${free}] are Online with room, and of the waiting chats [${due}] only ${rings} ring ${when}`,
      );
    }
  }

  #wrong(what: string): void {
    this.problems.push(what);
  }
}
