/**
 * What a command means as things stand. Pure: reads the state, never changes it; time, ids and
 * randomness come in with the command and `now`.
 */
import { type AccountConfig, mayWork } from './config.js';
import type { AccountCommand, CommandType, Rejection, Replies } from './commands.js';
import type { Actor } from './envelope.js';
import {
  addLine,
  answerSurvey,
  endChat,
  requestChat,
  setVisitorName,
  transfer,
  visitorLost,
} from './decide-chat.js';
import type { AccountEvent } from './events.js';
import { accept, closeSession, openSession, setAvailability } from './decide-session.js';
import { moveDeadlines, resume, tick } from './decide-time.js';
import { forgetVisitor } from './forget-visitor.js';
import { requestTranscript, settleTranscript } from './outbox.js';
import type { MemoryRoom } from './memory/room.js';
import { markRead } from './reading.js';
import { identify } from './participants.js';
import type { Idempotency } from './retries.js';
import type { AccountState } from './state.js';
import { assign, close } from './supervise.js';
import { setVariables } from './variables.js';
import { seeVisit } from './visits.js';

/** What a decision may look at. */
export interface Situation {
  readonly state: AccountState;
  readonly config: AccountConfig;
  /** Epoch ms. */
  readonly now: number;
  /** What the account may hold of what strangers bring. */
  readonly room: MemoryRoom;
  /** Who gives the command. */
  readonly actor: Actor;
  /** The id for what the command makes, if it makes something. */
  readonly newId?: string | undefined;
  /** The request may come again, and is then known by this. */
  readonly idempotency?: Idempotency | undefined;
}

export type Decision<R> =
  | {
      readonly events: readonly AccountEvent[];
      readonly reply: R;
      /** There is so much to do that the command is to be given again, until this is not so. */
      readonly again?: true;
    }
  | Rejection;

type CommandOf<T extends CommandType> = Extract<AccountCommand, { type: T }>;

/** Decides one command. Routing is not part of it: see `execute`. */
export function decide<T extends CommandType>(
  situation: Situation,
  command: CommandOf<T>,
): Decision<Replies[T]>;
export function decide(
  situation: Situation,
  command: AccountCommand,
): Decision<Replies[CommandType]> {
  switch (command.type) {
    case 'session.open':
      return openSession(situation, command);
    case 'session.close':
      return closeSession(situation, command.sessionId, command.reason);
    case 'user.logout': {
      const session = situation.state.sessionOfUser.get(command.userId);
      return session === undefined
        ? { events: [], reply: {} }
        : closeSession(situation, session.id, 'logout');
    }
    case 'session.setAvailability':
      return setAvailability(situation, command);
    case 'session.accept':
      return accept(situation, command.sessionId);
    case 'chat.request':
      return requestChat(situation, command);
    case 'chat.addLine':
      return addLine(situation, command);
    case 'chat.end':
      return endChat(situation, command.chatId, command.from);
    case 'chat.setVisitorName':
      return setVisitorName(situation, command.chatId, command.name);
    case 'chat.read':
      return markRead(situation, command.chatId, command.from, command.read);
    case 'chat.transfer':
      return transfer(situation, command);
    case 'chat.assign':
      return assign(situation, command);
    case 'chat.close':
      return close(situation, command.chatId, command.byUserId);
    case 'chat.visitorLost':
      return visitorLost(situation, command.chatId);
    case 'chat.setVariables':
      return setVariables(situation, command.chatId, command.variables);
    case 'chat.answerSurvey':
      return answerSurvey(situation, command.chatId, command.from, command.survey);
    case 'offline.leaveSurvey': {
      const { skillId, visitor, survey } = command;
      return { events: [{ type: 'offline.surveyLeft', skillId, visitor, survey }], reply: {} };
    }
    case 'participant.identify':
      return identify(situation, command);
    case 'visit.see': {
      const { type: _, ...report } = command;
      return seeVisit(situation, report);
    }
    case 'visitor.forget':
      return forgetVisitor(situation, command.visitorId, command.traces);
    case 'transcript.request':
      return requestTranscript(situation, command);
    case 'transcript.settle':
      return settleTranscript(situation, command.mailId, command.outcome);
    case 'tick':
      return tick(situation, command.due);
    case 'config.changed':
      return { events: [], reply: {} };
    case 'account.resumed':
      return resume(situation, command.moved ?? 0);
    case 'clock.moved':
      return { events: moveDeadlines(situation, command.by), reply: {} };
    default: {
      const unknown: never = command;
      throw new Error(`unknown command ${(unknown as AccountCommand).type}`);
    }
  }
}

/**
 * The sessions whose user may no longer work: `execute` closes them one by one when the configuration
 * changed.
 */
export function disabledSessions({ state, config }: Situation): string[] {
  return [...state.sessions.values()]
    .filter(({ userId }) => !mayWork(config, userId))
    .map(({ id }) => id);
}
