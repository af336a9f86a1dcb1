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
import { closeChannel, invite, takeOver, watch } from './collaboration/decide.js';
import type { AccountCommand, CommandType, Replies } from './commands.js';
import type { Decision } from './decision.js';
import { moveDeadlines, resume, tick } from './due.js';
import { escalate } from './escalation/decide.js';
import { requestTranscript, settleTranscript } from './mail/outbox.js';
import { identify } from './participants/identify.js';
import {
  accept,
  closeSession,
  decline,
  mayHave,
  openSession,
  setAvailability,
} from './sessions/decide.js';
import type { DecisionContext } from './context.js';
import { delegate, endDelegation } from './delegations/decide.js';
import { decideSuggestion, suggest } from './suggestions/decide.js';
import { forgetVisitor } from './visitors/forget.js';
import { seeVisit } from './visits/visits.js';

type CommandOf<T extends CommandType> = Extract<AccountCommand, { type: T }>;

/** Decides one command. Routing is not part of it: see `execute`. */
export function decide<T extends CommandType>(
  context: DecisionContext,
  command: CommandOf<T>,
): Decision<Replies[T]>;

export function decide(
  context: DecisionContext,
  command: AccountCommand,
): Decision<Replies[CommandType]> {
  switch (command.type) {
    case 'session.open':
      return openSession(context, command);
    case 'session.close':
      return closeSession(context, command.sessionId, command.reason);
    case 'user.logout': {
      const session = context.state.sessionOfUser.get(command.userId);
      return session === undefined
        ? { events: [], reply: {} }
        : closeSession(context, session.id, 'logout');
    }
    case 'session.setAvailability':
      return setAvailability(context, command);
    case 'session.accept':
      return accept(context, command.sessionId, command.offerId ?? null);
    case 'session.decline':
      return decline(context, command.sessionId, command.offerId);
    case 'chat.request':
      return requestChat(context, command);
    case 'chat.addLine':
      return addLine(context, command);
    case 'chat.end':
      return endChat(context, command.chatId, command.from);
    case 'chat.setVisitorName':
      return setVisitorName(context, command.chatId, command.name);
    case 'chat.read':
      return markRead(context, command.chatId, command.from, command.read);
    case 'chat.transfer':
      return transfer(context, command);
    case 'chat.assign':
      return assign(context, command);
    case 'chat.close':
      return close(context, command.chatId, command.byUserId);
    case 'chat.invite':
      return invite(context, command);
    case 'chat.watch':
      return watch(context, command);
    case 'chat.closeChannel':
      return closeChannel(context, command);
    case 'chat.takeOver':
      return takeOver(context, command);
    case 'session.delegate':
      return delegate(context, command);
    case 'session.endDelegation':
      return endDelegation(context, command);
    case 'chat.suggest':
      return suggest(context, command);
    case 'chat.decideSuggestion':
      return decideSuggestion(context, command);
    case 'chat.escalate':
      return escalate(context, command);
    case 'chat.visitorLost':
      return visitorLost(context, command.chatId);
    case 'chat.setVariables':
      return setVariables(context, command.chatId, command.variables);
    case 'chat.answerSurvey':
      return answerSurvey(context, command.chatId, command.from, command.survey);
    case 'offline.leaveSurvey': {
      const { skillId, visitor, survey } = command;
      return { events: [{ type: 'offline.surveyLeft', skillId, visitor, survey }], reply: {} };
    }
    case 'participant.identify':
      return identify(context, command);
    case 'visit.see': {
      const { type: _, ...report } = command;
      return seeVisit(context, report);
    }
    case 'visitor.forget':
      return forgetVisitor(context, command.visitorId, command.traces);
    case 'transcript.request':
      return requestTranscript(context, command);
    case 'transcript.settle':
      return settleTranscript(context, command.mailId, command.outcome);
    case 'tick':
      return tick(context, command.due);
    case 'config.changed':
      return { events: [], reply: {} };
    case 'account.resumed':
      return resume(context, command.moved ?? 0);
    case 'clock.moved':
      return { events: moveDeadlines(context, command.by), reply: {} };
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
export function disabledSessions({ state, config }: DecisionContext): string[] {
  return [...state.sessions.values()]
    .filter((session) => !mayHave(config, session))
    .map(({ id }) => id);
}
