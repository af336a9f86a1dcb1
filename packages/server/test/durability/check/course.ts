/**
 * The course of one chat as its feed shows it: waiting, with an agent, waiting again, over.
 *
 * 1. It begins waiting; an agent comes to it only while it waits; so never are two agents in it.
 * 2. It ends once, and after that only hidden lines are added.
 * 3. Each step has a reason that somebody gave: an agent accepted it, gave it away or left, somebody
 *    ended it.
 * 4. Only the agent who has it writes in it and reads it, and the last one after its end.
 */
import type { Asker, Header } from '../history/format.js';
import type { Call } from './calls.js';
import type { Feed, KnownEvent } from './feed.js';
import type { Sessions } from './sessions.js';

const CONFLICT = 409;

const LINE = {
  accepted: 3,
  agentEnded: 5,
  gone: 6,
  toAgent: 13,
  toSkill: 15,
  requeued: 23,
} as const;

/** An agent has the chat from one event on until another. */
export interface Tenure {
  readonly chat: string;
  readonly user: string;
  /** `state chatting`. */
  readonly from: KnownEvent;
  /** The first event that says that the agent has it no more; null while it lasts. */
  readonly until: KnownEvent | null;
  /** Whether the chat was given to this agent by name. */
  readonly aimed: boolean;
  /** How it ended. */
  readonly end: 'transfer' | 'requeued' | 'over' | null;
}

/** A state of the chat, from an event on. */
interface Step {
  readonly event: KnownEvent;
  readonly state: 'waiting' | 'chatting' | 'ended';
  /** While chatting: who has it. When over: who had it last. */
  readonly user: string | null;
  /** The system line that says why, if one does. */
  readonly why: number | null;
}

export class Course {
  readonly feed: Feed;
  readonly tenures: readonly Tenure[];
  /** `state ended`, once known. */
  readonly ended: Step | null;
  readonly problems: string[] = [];
  readonly #steps: readonly Step[];

  constructor(feed: Feed, header: Header) {
    this.feed = feed;
    this.#steps = this.#walk(header);
    this.tenures = this.#tenuresOf();
    this.ended = this.#steps.find(({ state }) => state === 'ended') ?? null;
    this.#checkEnd();
  }

  /** The state after the event with this id, as far as is known. */
  after(id: number): Step | null {
    return this.#steps.findLast(({ event }) => event.id <= id) ?? null;
  }

  /** Who gave it away last, when it waits after a transfer. */
  get giver(): string | null {
    const last = this.tenures.at(-1);
    return last?.end === 'transfer' ? last.user : null;
  }

  #walk(header: Header): Step[] {
    const users = new Map(
      Object.entries(header.agents).map(([user, { nickname }]) => [nickname, user]),
    );
    const steps: Step[] = [];
    const events = this.feed.inOrder;
    for (const [place, event] of events.entries()) {
      const { shown } = event;
      if (shown?.type !== 'state') continue;
      const before = steps.at(-1);
      const state = shown.text as Step['state'];
      const user = state === 'ended' ? (before?.user ?? null) : null;
      // A system line right before a step says why, and right after an agent came who that is.
      const why = lineOf(events[place - 1], event.id - 1);
      const next = { event, state, user, why: why?.system ?? null };
      if (state !== 'chatting') steps.push(next);
      else {
        const line = lineOf(events[place + 1], event.id + 1);
        const named = line?.system === LINE.accepted ? nicknameIn(line.text, users) : null;
        if (named === null && events[place + 1]?.id === event.id + 1 && line !== null) {
          this.#wrong(`after event ${event.id}, chatting, no line says with whom: "${line.text}"`);
        }
        steps.push({ ...next, user: named });
      }
      this.#checkStep(before, steps.at(-1));
    }
    return steps;
  }

  #checkStep(before: Step | undefined, step: Step | undefined): void {
    if (step === undefined) return;
    const { event, state } = step;
    const first = event.id === 0;
    if (first !== (before === undefined) && this.feed.inOrder[0]?.id === 0) {
      this.#wrong(`its first state is event ${event.id}`);
    }
    if (before === undefined) {
      if (first && state !== 'waiting') this.#wrong(`it begins ${state}`);
      return;
    }
    const { event: last } = before;
    // What lies between two known events may be unknown.
    const isNext = this.feed.inOrder.filter(({ id }) => id > last.id && id <= event.id);
    if (isNext.length !== event.id - last.id) return;
    const allowed = {
      waiting: ['chatting', 'ended'],
      chatting: ['waiting', 'ended'],
      ended: [] as string[],
    };
    if (!allowed[before.state].includes(state)) {
      this.#wrong(
        `event ${event.id} says that it is ${state}${step.user === null ? '' : ` with ${step.user}`}, after it was ${before.state}${before.user === null ? '' : ` with ${before.user}`} since event ${last.id}`,
      );
    }
  }

  #tenuresOf(): Tenure[] {
    return this.#steps.flatMap((step, index): Tenure[] => {
      if (step.state !== 'chatting' || step.user === null) return [];
      const next = this.#steps[index + 1];
      const before = this.#steps[index - 1];
      return [
        {
          chat: this.feed.chat,
          user: step.user,
          from: step.event,
          until: next?.event ?? null,
          aimed: before?.why === LINE.toAgent,
          end: next === undefined ? null : endOf(next),
        },
      ];
    });
  }

  #checkEnd(): void {
    const { ended } = this;
    if (ended === null) return;
    const after = this.feed.inOrder.find(({ id, hidden }) => id > ended.event.id && !hidden);
    if (after?.shown != null) {
      this.#wrong(`it goes on after its end with ${JSON.stringify(after.shown)}`);
    }
  }

  /** Who did something in the chat must have had it. */
  checkAgents(sessions: Sessions): void {
    const { writes, reads } = this.feed.calls;
    for (const call of writes) {
      if (call.outcome === 'refused' && call.status === CONFLICT && call.ask.by === 'visitor') {
        this.#checkOver(call, sessions);
      }
      const user = userOf(call.ask.by, sessions);
      if (user === null || call.outcome !== 'ok') continue;
      const { ask } = call;
      if (ask.do === 'transfer') {
        const gave = this.tenures.some(
          (tenure) => tenure.user === user && tenure.end === 'transfer',
        );
        if (!gave && this.feed.isWhole) {
          this.#wrong(`call ${call.number}: ${user} gave it away, and the feed does not show it`);
        }
        continue;
      }
      const { event } = call.answer as { readonly event: number };
      this.#checkHolder(
        user,
        event - 1,
        `wrote event ${event} in call ${call.number}`,
        ask.do === 'say' && ask.hidden,
      );
    }
    for (const read of reads) {
      const user = userOf(read.ask.by, sessions);
      if (user === null) continue;
      this.#checkHolder(user, read.answer.next - 1, `read it in call ${read.number}`, true);
    }
  }

  /** A visitor is refused only when the chat is over, by somebody's doing. */
  #checkOver(refused: Call, sessions: Sessions): void {
    const mayBeOver =
      this.feed.calls.writes.some(
        ({ ask, outcome, start }) =>
          ask.do === 'end' && outcome !== 'refused' && start < refused.end,
      ) || this.tenures.some(({ user }) => sessions.mayHaveLeft(user, refused.end));
    if (!mayBeOver) this.#wrong(`call ${refused.number} was refused as if it were over`);
  }

  #checkHolder(user: string, after: number, did: string, evenOver: boolean): void {
    const step = this.after(after);
    if (step === null || !this.#isKnownUntil(after)) return;
    if (step.state === 'chatting' && step.user === null) return;
    const has = step.state === 'chatting' || (step.state === 'ended' && evenOver);
    if (has && step.user === user) return;
    const with_ = step.user === null ? '' : ` with ${step.user}`;
    this.#wrong(`${user} ${did} while it was ${step.state}${with_} since event ${step.event.id}`);
  }

  #isKnownUntil(id: number): boolean {
    return (
      this.feed.inOrder.filter((event) => event.id <= id && event.shown !== null).length === id + 1
    );
  }

  /** Every step has a reason. Whether agents accepted it is for all chats together (accepts.ts). */
  checkReasons(sessions: Sessions): void {
    for (const { user, until, end } of this.tenures) {
      if (until === null) continue;
      const explained =
        end === 'over'
          ? this.#mayHaveEnded(until, user, sessions)
          : end === 'transfer'
            ? this.feed.calls.writes.some(
                (call) =>
                  call.ask.do === 'transfer' &&
                  userOf(call.ask.by, sessions) === user &&
                  may(call, until),
              )
            : sessions.mayHaveLeft(user, until.knownAt);
      if (!explained) {
        this.#wrong(
          `nobody did anything by which ${user} would lose it at event ${until.id} (${end})`,
        );
      }
    }
    const { ended } = this;
    if (ended === null || this.after(ended.event.id - 1)?.state !== 'waiting') return;
    if (!this.#mayHaveEnded(ended.event, null, sessions)) this.#wrong('it ended by itself');
  }

  #mayHaveEnded(event: KnownEvent, user: string | null, sessions: Sessions): boolean {
    const why = this.after(event.id)?.why ?? null;
    if (why === LINE.gone) return user !== null && sessions.mayHaveLeft(user, event.knownAt);
    return this.feed.calls.writes.some((call) => {
      if (call.ask.do !== 'end' || !may(call, event)) return false;
      const by = userOf(call.ask.by, sessions);
      return why === LINE.agentEnded ? by === user : by === null;
    });
  }

  #wrong(what: string): void {
    this.problems.push(`chat ${this.feed.chat}: ${what}`);
  }
}

/** The system line that an event is, if it is the one with this id. */
function lineOf(event: KnownEvent | undefined, id: number) {
  const shown = event?.id === id ? event.shown : null;
  return shown?.type === 'line' && shown.system !== undefined ? shown : null;
}

function nicknameIn(text: string, users: ReadonlyMap<string, string>): string | null {
  for (const [nickname, user] of users) if (text.includes(` ${nickname}.`)) return user;
  return null;
}

function endOf({ state, why }: Step): Tenure['end'] {
  if (state === 'ended') return 'over';
  return why === LINE.requeued ? 'requeued' : 'transfer';
}

function may(call: Call, { knownAt }: KnownEvent): boolean {
  return call.outcome !== 'refused' && call.start < knownAt;
}

/** The agent whose session asks; null for visitors and the disk. */
export function userOf(by: Asker, sessions: Sessions): string | null {
  return by === 'visitor' || by === 'disk' ? null : (sessions.userOf(by) ?? null);
}
