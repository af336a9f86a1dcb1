/**
 * What programs may do that agents let into their sessions. The books are kept from the events alone: who was let
 * in where, with which rights, and who was sent away; a session that is gone has nobody in it.
 */
import {
  type AccountCommand,
  type AccountEvent,
  type AccountState,
  type Delegation,
  MAX_DELEGATIONS,
} from '@parley/engine';
import { requireEqual, requireThat } from './must.js';

export interface Known extends Omit<Delegation, 'tokenHash' | 'since'> {
  readonly sessionId: string;
  ended: boolean;
}

export class ProgramBooks {
  /** All that ever were, also those that are over. */
  readonly all: Known[] = [];

  take(event: AccountEvent): void {
    if (event.type === 'session.delegated') {
      const { id, name, rights, approval } = event.delegation;
      const { sessionId } = event;
      requireThat(!this.all.some((each) => each.id === id), `delegation ${id} is a new one`);
      this.all.push({ id, sessionId, name, rights, approval, ended: false });
    }
    if (event.type === 'session.delegationEnded') {
      const known = this.#live(event.delegationId);
      requireThat(known?.sessionId === event.sessionId, 'what ends was there, in that session');
      if (known !== undefined) known.ended = true;
    }
  }

  /** An event comes of a command: of a program only what it was let do, while it was let. */
  checkDone(state: AccountState, command: AccountCommand, event: AccountEvent): void {
    if (command.type !== 'chat.suggest' || event.type !== 'chat.suggested') return;
    const { delegationId, sessionId } = command;
    if (delegationId === undefined) {
      requireEqual(event.suggestion.program, undefined, 'a person suggests as no program');
      return;
    }
    const known = this.#live(delegationId);
    requireThat(known !== undefined, `delegation ${delegationId} is over, and suggests nothing`);
    requireEqual(known?.sessionId, sessionId, 'a program acts in the session that let it in');
    requireThat(state.sessions.has(sessionId), `session ${sessionId} is live`);
    requireThat(known?.rights.includes('suggest') === true, 'the program was let suggest');
    requireEqual(event.suggestion.program, known?.name, 'it is named with what it suggests');
    requireEqual(
      event.suggestion.byUserId,
      state.sessions.get(sessionId)?.userId,
      'what a program does is done by its agent',
    );
  }

  /** In each session are those who were let in and not sent away, with their rights, and nobody else. */
  check(state: AccountState): void {
    for (const { id, delegations = [] } of state.sessions.values()) {
      const expected = this.all
        .filter((each) => !each.ended && each.sessionId === id)
        .map(({ id: own, name, rights, approval }) => ({ id: own, name, rights, approval }));
      const there = delegations.map(({ id: own, name, rights, approval }) => {
        return { id: own, name, rights, approval };
      });
      requireEqual(there, expected, `who works in session ${id}`);
      requireThat(there.length <= MAX_DELEGATIONS, `${there.length} work in session ${id}`);
    }
  }

  #live(id: string): Known | undefined {
    return this.all.find((each) => each.id === id && !each.ended);
  }
}
