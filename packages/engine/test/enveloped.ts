/** Commands in their envelopes, each from whoever would give it. */
import type {
  AccountCommand,
  AccountState,
  Actor,
  CommandType,
  Envelope,
  Party,
} from '@parley/engine';

type CommandOf<T extends CommandType> = Extract<AccountCommand, { type: T }>;

/** Begins of the ids that commands make. */
const MADE: Readonly<Partial<Record<CommandType, string>>> = {
  'session.open': 's',
  'chat.request': 'c',
  'transcript.request': 'mail-',
  'participant.identify': 'conversation-',
  'chat.invite': 'channel-',
  'chat.watch': 'watch-',
  'session.delegate': 'program-',
};

/** Puts commands into envelopes; numbers what they make: `s1`, `c1`, `c2` … */
export class Envelopes {
  readonly #made = new Map<string, number>();

  of<T extends CommandType>(state: AccountState, command: CommandOf<T>, now: number): Envelope<T> {
    const envelope = { command, actor: actorOf(state, command), now };
    const begin = MADE[command.type];
    if (begin === undefined) return envelope;
    const number = (this.#made.get(begin) ?? 0) + 1;
    this.#made.set(begin, number);
    return { ...envelope, newId: `${begin}${number}` };
  }
}

/** Who gives a command, when nothing odd goes on. */
function actorOf(state: AccountState, command: AccountCommand): Actor {
  const user = (sessionId: string): Actor => ({
    by: 'user',
    userId: state.sessions.get(sessionId)?.userId ?? 0,
  });
  const party = (from: Party): Actor =>
    from.party === 'visitor' ? { by: 'visitor' } : user(from.sessionId);
  if ('from' in command) return party(command.from);
  if ('byUserId' in command) return { by: 'user', userId: command.byUserId };
  switch (command.type) {
    case 'session.open':
    case 'user.logout':
      return { by: 'user', userId: command.userId };
    case 'session.setAvailability':
    case 'session.accept':
    case 'session.decline':
    case 'chat.invite':
    case 'chat.watch':
    case 'chat.closeChannel':
    case 'chat.takeOver':
    case 'chat.suggest':
    case 'session.delegate':
    case 'session.endDelegation':
    case 'chat.decideSuggestion':
    case 'chat.transfer':
    case 'chat.escalate':
      return user(command.sessionId);
    case 'chat.request':
    case 'offline.leaveSurvey':
    case 'participant.identify':
      return { by: 'appKey', keyId: 1 };
    case 'chat.setVisitorName':
    case 'chat.setVariables':
    case 'transcript.request':
    case 'visit.see':
      return { by: 'visitor' };
    default:
      return { by: 'system' };
  }
}
