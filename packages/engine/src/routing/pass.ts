/**
 * Gives out waiting chats, one ring at a time, until nothing more can be given out.
 *
 * The next chat is the one that was asked for first among those of each queue that an agent is free
 * for. While a pass goes on, agents only become fuller, so what was found out stays true until the
 * agent that it rests on has no room any more: a pass over very many queues and agents looks at each
 * of them about once, not once per ring.
 */
import type { Chat, Waiting } from '../chats/chat.js';
import { queuedAs } from '../chats/service.js';
import type { AccountConfig, User } from '../config.js';
import type { AccountEvent } from '../events.js';
import { Heap } from '../heap.js';
import type { RoutingRule } from '../routing-rules/rule.js';
import { ruleOfFirst } from '../routing-rules/answer-first.js';
import type { AgentSession } from '../sessions/session.js';
import type { AccountState } from '../state.js';
import { nextGroup } from './group-share.js';
import { HELD } from './queue-key.js';
import type { RoutingReason } from './reason.js';
import { canRing, isOpenTo, mayFollow, relativeLoad, takers } from './routing.js';

/** An agent who had room when the pass began. */
interface Member {
  readonly session: AgentSession;
  readonly user: User;
}

/** The first chat of a queue that somebody is free for. */
interface Front {
  readonly queue: string;
  readonly chat: Chat;
  readonly waiting: Waiting;
  /** Somebody who is. */
  readonly witness: Member;
}

interface Candidate {
  readonly session: AgentSession;
  readonly groupId: number;
  readonly load: number;
}

export class RoutingPass {
  readonly #state: AccountState;
  readonly #config: AccountConfig;
  readonly #now: number;
  /** In the order of their sessions. */
  readonly #members: readonly Member[];
  readonly #bySkill = new Map<number, Member[]>();
  readonly #byUser = new Map<number, Member>();
  readonly #fronts = new Heap<Front>((a, b) => a.chat.requestedSeq < b.chat.requestedSeq);
  readonly #restingOn = new Map<Member, Set<Front>>();
  /** What was given out last, once the pass has begun. */
  #last: { readonly front: Front; readonly rung: AgentSession } | 'nothing yet' = 'nothing yet';

  /** @param now epoch ms */
  constructor(state: AccountState, config: AccountConfig, now: number) {
    this.#state = state;
    this.#config = config;
    this.#now = now;
    this.#members = state.queues.size === 0 ? [] : freeMembers(state, config);
    for (const member of this.#members) {
      this.#byUser.set(member.user.id, member);
      for (const skillId of member.user.skillIds) {
        const others = this.#bySkill.get(skillId);
        if (others === undefined) this.#bySkill.set(skillId, [member]);
        else others.push(member);
      }
    }
  }

  /**
   * The next chat to ring and the agent it rings, or null when nothing can be given out. Fold the
   * event in, and nothing else, before asking again.
   */
  next(): AccountEvent | null {
    this.#catchUp();
    const front = this.#fronts.first;
    if (front === undefined) return null;
    const { chat, waiting } = front;
    const free = this.#candidates(chat, waiting);
    const named = waiting.forUserId !== null;
    const first = ruleOfFirst(this.#config, chat, waiting, this.#now, (userId) =>
      free.some(({ session }) => session.userId === userId),
    );
    const { agents, reason } =
      first === null
        ? nextGroup(this.#state, this.#config, named ? null : chat.skillId, free)
        : { agents: free.filter(({ session }) => session.userId === first.userId) };
    const best = agents.reduce(better);
    this.#last = { front, rung: best.session };
    return {
      type: 'chat.rang',
      chatId: chat.id,
      userId: best.session.userId,
      until: this.#now + this.#config.settings.ringSeconds * 1000,
      why: {
        ...ruleOf(named, first),
        candidates: free.length,
        load: best.load,
        idleMs: this.#now - best.session.idleSince,
        ...(reason === undefined ? {} : { group: reason }),
      },
    };
  }

  /** Finds out what the last ring has changed: its queue, and who rested on the agent that it rang. */
  #catchUp(): void {
    if (this.#last === 'nothing yet') {
      if (this.#members.length === 0) return;
      for (const queue of this.#state.queues.keys()) {
        if (!queue.startsWith(HELD)) this.#look(queue);
      }
      return;
    }
    const { front, rung } = this.#last;
    this.#drop(front);
    this.#look(front.queue);
    const member = this.#byUser.get(rung.userId);
    if (member === undefined || canRing(member.session, member.user)) return;
    for (const other of [...(this.#restingOn.get(member) ?? [])]) {
      this.#drop(other);
      this.#look(other.queue);
    }
  }

  #drop(front: Front): void {
    this.#fronts.delete(front);
    this.#restingOn.get(front.witness)?.delete(front);
  }

  /** Finds the first chat of a queue that somebody is free for, if there is one. */
  #look(queue: string): void {
    const state = this.#state;
    const nobodyFor = new Set<string>();
    for (const chatId of state.queues.get(queue) ?? []) {
      const chat = state.chats.get(chatId);
      const waiting = chat === undefined ? null : queuedAs(chat);
      if (chat === undefined || waiting === null) continue;
      const alike = `${chat.skillId} ${waiting.transferredBy} ${waiting.forPeople} ${chat.failed}`;
      if (nobodyFor.has(alike)) continue;
      const witness = this.#somebodyFor(chat, waiting);
      if (witness !== null) {
        const front = { queue, chat, waiting, witness };
        this.#fronts.set(front);
        const resting = this.#restingOn.get(witness);
        if (resting === undefined) this.#restingOn.set(witness, new Set([front]));
        else resting.add(front);
        return;
      }
      // Chats further back can differ only where one was given away: its giver is passed over. Those
      // stand in front of all that no agent has served.
      if (state.transferredWaiting === 0 || chat.acceptedAt === null) return;
      nobodyFor.add(alike);
    }
  }

  /** Those who may have the chat, as far as they had room when the pass began. */
  #pool(chat: Chat, { forUserId }: Waiting): readonly Member[] {
    if (forUserId !== null) {
      const member = this.#byUser.get(forUserId);
      return member === undefined ? [] : [member];
    }
    return chat.skillId === null ? this.#members : (this.#bySkill.get(chat.skillId) ?? []);
  }

  #mayTake({ session, user }: Member, chat: Chat, waiting: Waiting): boolean {
    return isOpenTo(session, waiting) && mayFollow(this.#state, this.#config, user, chat, waiting);
  }

  #somebodyFor(chat: Chat, waiting: Waiting): Member | null {
    let giver: Member | null = null;
    for (const member of this.#pool(chat, waiting)) {
      const { session, user } = member;
      if (!canRing(session, user) || !this.#mayTake(member, chat, waiting)) continue;
      if (user.id !== waiting.transferredBy) return member;
      giver = member;
    }
    return giver === null || this.#hasOthers(chat, waiting) ? null : giver;
  }

  /** The agents free for the chat at this moment. */
  #candidates(chat: Chat, waiting: Waiting): readonly Candidate[] {
    const free: Candidate[] = [];
    let giver: Candidate | null = null;
    for (const member of this.#pool(chat, waiting)) {
      const { session, user } = member;
      if (!canRing(session, user) || !this.#mayTake(member, chat, waiting)) continue;
      const candidate = { session, groupId: user.groupId, load: relativeLoad(session, user) };
      if (user.id === waiting.transferredBy) giver = candidate;
      else free.push(candidate);
    }
    // Never back to who gave it away, unless there is nobody else.
    if (giver !== null && free.length === 0 && !this.#hasOthers(chat, waiting)) free.push(giver);
    return free;
  }

  /** Whether somebody else than who gave the chat away may take it, now or when they have room. */
  #hasOthers(chat: Chat, waiting: Waiting): boolean {
    for (const [, { id }] of takers(this.#state, this.#config, chat, waiting)) {
      if (id !== waiting.transferredBy) return true;
    }
    return false;
  }
}

/** The rule by which an agent is rung. */
function ruleOf(named: boolean, first: RoutingRule | null): Pick<RoutingReason, 'rule' | 'ruleId'> {
  if (first !== null) return { rule: 'answer-first', ruleId: first.id };
  return { rule: named ? 'named-agent' : 'queue' };
}

function freeMembers(state: AccountState, config: AccountConfig): readonly Member[] {
  const free: Member[] = [];
  for (const session of state.sessions.values()) {
    if (session.availability === 'Away') continue;
    const user = config.users.get(session.userId);
    if (user?.enabled && user.maxChats !== 0 && canRing(session, user))
      free.push({ session, user });
  }
  return free;
}

function better(a: Candidate, b: Candidate): Candidate {
  if (a.load !== b.load) return a.load < b.load ? a : b;
  if (a.session.idleSince !== b.session.idleSince) {
    return a.session.idleSince < b.session.idleSince ? a : b;
  }
  return a.session.userId < b.session.userId ? a : b;
}
