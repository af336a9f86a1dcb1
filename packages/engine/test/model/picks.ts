/** What the numbers of a step pick, from what there is at the time. */
import {
  type AccountConfig,
  type AccountState,
  agentOf,
  type Chat,
  type Party,
  ringingAt,
} from '@parley/engine';
import * as reference from './reference.js';
import type { Who } from './role-steps.js';

interface Program {
  readonly id: string;
  readonly sessionId: string;
}

export class Picks {
  readonly #of: () => { readonly state: AccountState; readonly config: AccountConfig };
  /** All programs that ever were let into a session. */
  readonly programs: () => readonly Program[];

  constructor(
    of: () => { readonly state: AccountState; readonly config: AccountConfig },
    programs: () => readonly Program[],
  ) {
    this.#of = of;
    this.programs = programs;
  }

  /** The newest first; now and then one that never was. */
  program(pick: number): Program {
    const all = this.programs();
    return all.at(-1 - (pick % (all.length + 1))) ?? { id: 'none', sessionId: 'none' };
  }

  get state(): AccountState {
    return this.#of().state;
  }

  sessionIn(chatId: string, who: Who): string {
    const party = this.party(chatId, who);
    return party.party === 'agent' ? party.sessionId : 'none';
  }

  /** One of the offers to a session; now and then one that is not there. */
  offer(session: number, of: 'ringing' | 'all', pick: number): number {
    const found = this.#of().state.sessions.get(this.session(session, of));
    const offers = found === undefined ? [] : ringingAt(this.#of().state, found);
    return offers[pick % (offers.length + 1)]?.offer.id ?? 0;
  }

  session(pick: number, of: 'ringing' | 'supervising' | 'all' = 'all'): string {
    const sessions = [...this.#of().state.sessions.values()].filter((session) => {
      if (of === 'all') return true;
      if (of === 'ringing') return ringingAt(this.#of().state, session).length > 0;
      return reference.supervised(this.#of().config, session.userId) !== null;
    });
    return sessions[pick % sessions.length]?.id ?? 'none';
  }

  /** One of those who were identified and have no chat, or nobody. */
  participant(pick: number) {
    const waiting = [...this.#of().state.participants.values()];
    const nobody = { conversationId: 'none', participantId: 'nobody' };
    return waiting[pick % (waiting.length + 1)] ?? nobody;
  }

  /** The newest first; now and then one that is not there. */
  chat(pick: number, of: 'chatting' | 'all' = 'all'): string {
    const wanted = ({ phase }: Chat) => of === 'all' || phase.name === 'active';
    const chats = [...this.#of().state.chats.values()].filter(wanted).reverse();
    return chats[pick % (chats.length + 1)]?.id ?? 'none';
  }

  party(chatId: string, who: Who): Party {
    if (who === 'visitor') return { party: 'visitor' };
    if (who !== 'its-agent') return { party: 'agent', sessionId: this.session(who) };
    const chat = this.#of().state.chats.get(chatId);
    const userId = chat === undefined ? null : agentOf(chat);
    const session = userId === null ? undefined : this.#of().state.sessionOfUser.get(userId);
    return { party: 'agent', sessionId: session?.id ?? 'none' };
  }
}
