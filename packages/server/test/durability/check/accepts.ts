/**
 * Who has which chat, over all chats:
 *
 * 1. Each acceptance that was acknowledged stands in the feed of its chat, once; and each agent who
 *    came to a chat accepted it. So no chat is given to two agents.
 * 2. Nobody has more chats at once than they may, one more by a transfer aimed at them.
 * 3. Who has a chat and did nothing to lose it has it.
 */
import type { Header } from '../history/format.js';
import { type Call, type Calls, groupBy, type OkCall } from './calls.js';
import type { Course, Tenure } from './course.js';
import type { Sessions } from './sessions.js';

const GONE = 404;

/** A tenure in time: the stretch in which the agent had the chat without any doubt. */
export interface Hold {
  readonly tenure: Tenure;
  readonly from: number;
  readonly to: number;
}

export class Accepts {
  readonly problems: string[] = [];
  /** By user. */
  readonly holds: ReadonlyMap<string, readonly Hold[]>;
  readonly #calls: Calls;
  readonly #courses: ReadonlyMap<string, Course>;
  readonly #sessions: Sessions;

  constructor(calls: Calls, courses: ReadonlyMap<string, Course>, sessions: Sessions) {
    this.#calls = calls;
    this.#courses = courses;
    this.#sessions = sessions;
    this.holds = groupBy(this.#match(), ({ tenure }) => tenure.user);
  }

  check(header: Header): void {
    for (const [user, holds] of this.holds) {
      const most = header.agents[user]?.maxChats ?? -1;
      if (most >= 0) this.#checkCap(user, holds, most);
      this.#checkKept(user, holds);
    }
  }

  /** Finds the acceptance of each tenure. */
  #match(): Hold[] {
    const holds: Hold[] = [];
    const taken = new Set<Call>();
    const all = this.#calls.of('accept').filter(({ outcome }) => outcome !== 'refused');
    const byUser = groupBy(all, ({ ask }) => this.#sessions.userOf(ask.session as '/') ?? '');
    // In the order in which they came to be known: an accept that was not answered may be of any of them
    // that was known after it, and those known later have all that those before them may have, and more.
    const tenures = [...this.#courses.values()]
      .flatMap((course) => course.tenures)
      .sort((one, other) => one.from.knownAt - other.from.knownAt);
    for (const tenure of tenures) {
      const accept = (byUser.get(tenure.user) ?? []).find(
        (call): call is OkCall<'accept'> =>
          call.outcome === 'ok' &&
          call.answer.chat === tenure.chat &&
          !taken.has(call) &&
          call.start < tenure.from.knownAt,
      );
      if (accept !== undefined) taken.add(accept);
      const from = Math.min(accept?.end ?? Infinity, tenure.from.knownAt);
      holds.push({ tenure, from, to: this.#lossOf(tenure, from) });
      if (accept !== undefined) continue;
      const unknown = (byUser.get(tenure.user) ?? []).find(
        (call) =>
          call.outcome === 'unknown' && !taken.has(call) && call.start < tenure.from.knownAt,
      );
      if (unknown !== undefined) taken.add(unknown);
      else {
        this.#wrong(
          `chat ${tenure.chat}: ${tenure.user} is in it from event ${tenure.from.id} on, and did not accept it`,
        );
      }
    }
    for (const call of all) {
      if (call.outcome !== 'ok' || taken.has(call)) continue;
      const course = this.#courses.get(call.answer.chat);
      // Whoever read the chat from its beginning since then was shown it.
      const isSeen = course?.feed.calls.reads.some(
        ({ ask, start }) => ask.from === 0 && start > call.end,
      );
      if (isSeen !== true) continue;
      const user = this.#sessions.userOf(call.ask.session as '/');
      this.#wrong(
        `chat ${call.answer.chat}: ${user} was answered that they accepted it (call ${call.number}), and its feed does not show it`,
      );
    }
    return holds;
  }

  /** From when on it is not sure any more that the agent has the chat. */
  #lossOf({ chat, user, until, end }: Tenure, from: number): number {
    const course = this.#courses.get(chat);
    if (course === undefined) return from;
    const { writes, reads } = course.feed.calls;
    if (until === null) {
      // As long as somebody was shown that nothing happened.
      return Math.max(from, ...reads.map(({ start }) => start));
    }
    const leaving = this.#sessions.leavingAfter(user, from);
    const ends = writes.filter(({ ask, until: last }) => ask.do === 'end' && last >= from);
    const transfers = writes.filter(
      ({ ask, until: last }) => ask.do === 'transfer' && last >= from,
    );
    const causes: readonly Call[] =
      end === 'transfer' ? transfers : end === 'requeued' ? leaving : [...ends, ...leaving];
    const known = causes.filter(({ outcome }) => outcome !== 'refused');
    return Math.min(until.knownAt, ...known.map(({ start }) => Math.max(start, from)));
  }

  #checkCap(user: string, holds: readonly Hold[], most: number): void {
    for (const { from } of holds) {
      const at = holds.filter((hold) => hold.from <= from && from < hold.to);
      const allowed = at.some(({ tenure }) => tenure.aimed) ? most + 1 : most;
      if (at.length <= allowed) continue;
      const chats = at.map(({ tenure }) => tenure.chat);
      this.#wrong(
        `${user} has ${at.length} chats of at most ${most} (line ${from}): ${chats.join(', ')}`,
      );
      return;
    }
    for (const call of this.#calls.done('ringing')) {
      if (this.#sessions.userOf(call.ask.session as '/') !== user) continue;
      const has = holds.filter(({ from, to }) => from < call.start && call.end < to).length;
      const load = has + call.answer.count;
      // What rings may be a transfer.
      if (load > most + 1) {
        this.#wrong(
          `${user} has ${has} chats and ${call.answer.count} ring in call ${call.number}, of at most ${most}`,
        );
      }
    }
  }

  /** Asked about a chat that they have, agents do not read that there is none. */
  #checkKept(user: string, holds: readonly Hold[]): void {
    const byChat = groupBy(holds, ({ tenure }) => tenure.chat);
    for (const call of this.#calls.of('say', 'end', 'read', 'info', 'transfer')) {
      if (call.outcome !== 'refused' || call.status !== GONE) continue;
      const { by, chat } = call.ask;
      if (this.#sessions.userOf(by) !== user) continue;
      const had = byChat.get(chat)?.some(({ from, to }) => from < call.start && call.end < to);
      if (had && this.#sessions.requireLive(by, call.start, call.end)) {
        this.#wrong(
          `chat ${chat}: ${user} has it, and it is not there for them in call ${call.number} (${call.ask.do})`,
        );
      }
    }
  }

  #wrong(what: string): void {
    this.problems.push(what);
  }
}
