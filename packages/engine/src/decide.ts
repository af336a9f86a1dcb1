/**
 * What a command means as things stand. Pure: reads the state, never changes it; time, ids and
 * randomness come in with the command and `now`.
 */
import {
  addLine,
  answerSurvey,
  endChat,
  requestChat,
  setVisitorName,
  transfer,
  visitorLost,
} from './chats/decide.js';
import { markRead } from './chats/reading.js';
import { assign, close } from './chats/supervise.js';
import { setVariables } from './chats/variables.js';
import type { AccountCommand, CommandType, Replies } from './commands.js';
import { mayWork } from './config.js';
import type { Decision } from './decision.js';
import { moveDeadlines, resume, tick } from './due.js';
import { requestTranscript, settleTranscript } from './mail/outbox.js';
import { identify } from './participants/identify.js';
import { accept, closeSession, openSession, setAvailability } from './sessions/decide.js';
import type { Situation } from './situation.js';
import { forgetVisitor } from './visitors/forget.js';
import { seeVisit } from './visits/visits.js';

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
