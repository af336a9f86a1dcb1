/** What attachment rules bring about: said once more, of each event and of what stands after a command. */
import type { AccountConfig, AccountEvent, AccountState, Chat } from '@parley/engine';
import { requireThat } from './must.js';
import { looking } from './promises.js';
import * as reference from './reference.js';

/** Who had to do with a chat since its agent came, so that no rule asks them any more. */
export class AttachedBooks {
  readonly #known = new Map<string, Set<string>>();
  /** Who is to go, and has not yet: chat and user. */
  readonly #going = new Set<string>();

  /** Looks at an event before it is folded in. */
  take(state: AccountState, config: AccountConfig, event: AccountEvent, now: number): void {
    if (!('chatId' in event)) return;
    const chat = state.chats.get(event.chatId);
    if (chat === undefined) return;
    if (event.type === 'chat.left' || event.type === 'chat.uninvited') {
      const isGoing = this.#going.delete(`${chat.id} ${event.userId}`);
      if (event.type === 'chat.left' && event.reason === 'agent-left') {
        looking('gone with the agent', () =>
          requireThat(isGoing, `user ${event.userId} leaves ${chat.id}, whose agent stays`),
        );
      }
    }
    if (agentGoes(event)) this.#agentGoes(chat, config);
    const known = this.#of(chat.id);
    // A new agent: whoever is beside them stays, and everybody else may be asked again.
    if (event.type === 'chat.accepted' || event.type === 'chat.takenOver') known.clear();
    for (const each of [...chat.participants, ...chat.offers]) {
      if (each.role !== 'agent') known.add(this.#session(state, each.userId));
    }
    if (event.type !== 'chat.invited') return;
    if (event.why.rule === 'attached') {
      looking('asked by rules', () => this.#checkAsked(state, config, chat, event, now));
    }
    known.add(this.#session(state, event.userId));
  }

  /** After a command, when all is done that follows from it. */
  check(state: AccountState, config: AccountConfig, now: number): void {
    looking('gone with the agent', () =>
      requireThat(this.#going.size === 0, `${[...this.#going].join()} should have gone`),
    );
    if (state.unfinished.size > 0) return;
    for (const chat of state.chats.values()) {
      if (chat.phase.name === 'active') this.#checkComplete(state, config, chat, now);
    }
  }

  /** A restart remembers no more than the account does. */
  #of(chatId: string): Set<string> {
    const known = this.#known.get(chatId) ?? new Set<string>();
    this.#known.set(chatId, known);
    return known;
  }

  #session(state: AccountState, userId: number): string {
    return reference.sessionOf(state, userId)?.id ?? `none of ${userId}`;
  }

  #agentGoes({ id, participants, offers }: Chat, config: AccountConfig): void {
    if (config.settings.besideWhenAgentLeaves !== 'leave') return;
    for (const { role, userId } of [...participants, ...offers]) {
      if (role === 'assistant' || role === 'listener') this.#going.add(`${id} ${userId}`);
    }
  }

  #checkAsked(
    state: AccountState,
    config: AccountConfig,
    chat: Chat,
    { userId, role, why, invitation }: Extract<AccountEvent, { type: 'chat.invited' }>,
    now: number,
  ): void {
    const name = `user ${userId} is asked into ${chat.id}`;
    const theirs = reference
      .rulesFor(config, chat, 'attach', now)
      .filter((rule) => rule.userId === userId);
    const [rule] = theirs;
    requireThat(rule !== undefined, `${name} by a rule that is for it`);
    requireThat(rule.id === why.ruleId && rule.role === role, `${name} by the first of theirs`);
    requireThat(invitation.byUserId === null, `${name} by nobody`);
    requireThat(chat.phase.name === 'active', `${name}, which has an agent`);
    const session = this.#session(state, userId);
    requireThat(invitation.sessionId === session, `${name} in the session that they have`);
    requireThat(!(chat.attached ?? []).includes(session), `${name} once`);
  }

  /** Nobody is missing who listens by a rule at all hours, is there, and was not in the chat before. */
  #checkComplete(state: AccountState, config: AccountConfig, chat: Chat, now: number): void {
    const known = this.#of(chat.id);
    const asked = new Set<number>();
    for (const { userId, role, hours } of reference.rulesFor(config, chat, 'attach', now)) {
      const isFirst = !asked.has(userId);
      asked.add(userId);
      if (!isFirst || role !== 'listener' || hours.length > 0) continue;
      const session = reference.sessionOf(state, userId);
      if (session === undefined || session.availability === 'Away') continue;
      if (config.users.get(userId)?.roles.includes('agent') !== true) continue;
      const people = [...chat.participants, ...chat.offers];
      const isThere = people.some((one) => one.userId === userId);
      looking('asked by rules', () =>
        requireThat(
          isThere || known.has(session.id),
          `user ${userId}, whom a rule attaches, is not asked into ${chat.id}`,
        ),
      );
    }
  }
}

/** The agent goes, and the chat goes on. */
function agentGoes(event: AccountEvent): boolean {
  const { type } = event;
  if (type === 'chat.takenOver') return event.fromUserId !== null;
  return type === 'chat.transferred' || type === 'chat.requeued' || type === 'chat.escalated';
}
