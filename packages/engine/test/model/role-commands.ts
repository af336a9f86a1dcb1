/** What happens beside the agents of chats in a story, as commands. */
import type { AccountCommand } from '@parley/engine';
import type { Picks } from './picks.js';
import type { RoleStep } from './role-steps.js';

/** The user whom an invitation names. */
function userIn(
  to: { readonly user: number } | { readonly colleague: number },
  picks: Picks,
): number {
  if ('user' in to) return to.user;
  return picks.state.sessions.get(picks.session(to.colleague))?.userId ?? 0;
}

export function roleCommand(step: RoleStep, picks: Picks): AccountCommand {
  switch (step.do) {
    case 'decline': {
      const offerId = picks.offer(step.session, 'ringing', step.offer);
      const sessionId = picks.session(step.session, 'ringing');
      return { type: 'session.decline', sessionId, offerId };
    }
    case 'invite': {
      const chatId = picks.chat(step.chat, 'chatting');
      const sessionId = picks.sessionIn(chatId, step.who);
      const to =
        'skill' in step.to ? { skillId: step.to.skill } : { userId: userIn(step.to, picks) };
      const { role } = step;
      return { type: 'chat.invite', chatId, sessionId, role, to, text: 'for you' };
    }
    case 'escalate': {
      const chatId = picks.chat(step.chat, 'chatting');
      const party = picks.party(chatId, step.who);
      const sessionId = party.party === 'agent' ? party.sessionId : 'none';
      const { skill: skillId } = step;
      return {
        ...{ type: 'chat.escalate', chatId, sessionId, skillId },
        ...{ reason: 'error', text: 'for you' },
      };
    }
    case 'watch': {
      const sessionId = picks.session(step.session, 'supervising');
      return { type: 'chat.watch', chatId: picks.chat(step.chat), sessionId };
    }
    case 'takeOver': {
      const sessionId = picks.session(step.session, 'supervising');
      return { type: 'chat.takeOver', chatId: picks.chat(step.chat), sessionId };
    }
    case 'channel': {
      const chatId = picks.chat(step.chat);
      const chat = picks.state.chats.get(chatId);
      const channels = [
        ...(chat?.participants.flatMap(({ channel, userId }) =>
          channel === undefined ? [] : { channel, userId },
        ) ?? []),
        ...(chat?.offers.flatMap(({ invitation, userId }) =>
          invitation === undefined ? [] : { channel: invitation.channel, userId },
        ) ?? []),
      ];
      const chosen = channels[step.channel % (channels.length + 1)];
      const { channel, userId } = chosen ?? { channel: 'agent', userId: 0 };
      const sessionId =
        step.who === 'its-own'
          ? (picks.state.sessionOfUser.get(userId)?.id ?? 'none')
          : picks.sessionIn(chatId, step.who);
      return { type: 'chat.closeChannel', chatId, sessionId, channel };
    }
    case 'suggest': {
      const chatId = picks.chat(step.chat, 'chatting');
      const chat = picks.state.chats.get(chatId);
      const beside = chat?.participants.filter(({ role }) => role !== 'agent') ?? [];
      const author = beside[step.author % beside.length]?.userId ?? 0;
      const sessionId = picks.state.sessionOfUser.get(author)?.id ?? picks.session(step.author);
      const own = chat?.suggestions?.list.filter(({ byUserId }) => byUserId === author) ?? [];
      const replaced = step.replaces === null ? undefined : own[step.replaces];
      return {
        ...{ type: 'chat.suggest', chatId, sessionId, text: 'perhaps', textType: 'plain' },
        ...(replaced === undefined ? {} : { replacesId: replaced.id }),
        ...(step.seconds === null ? {} : { expiresIn: step.seconds }),
      };
    }
    case 'delegate': {
      const { rights, approval } = step;
      const sessionId = picks.session(step.session);
      const name = `Program ${picks.programs().length}`;
      return { type: 'session.delegate', sessionId, name, tokenHash: 'a hash', rights, approval };
    }
    case 'endDelegation': {
      const program = picks.program(step.program);
      const sessionId = step.session === null ? program.sessionId : picks.session(step.session);
      return { type: 'session.endDelegation', sessionId, delegationId: program.id };
    }
    case 'programSuggests': {
      const program = picks.program(step.program);
      const sessionId = step.session === null ? program.sessionId : picks.session(step.session);
      const session = picks.state.sessions.get(sessionId);
      const own = [
        ...(session?.chatting ?? []),
        ...(session?.beside.map(({ chatId }) => chatId) ?? []),
      ];
      const chatId = own[step.chat % own.length] ?? picks.chat(step.chat, 'chatting');
      return {
        ...{ type: 'chat.suggest', chatId, sessionId, delegationId: program.id },
        ...{ text: 'perhaps', textType: 'plain' },
      };
    }
    case 'decide': {
      const chatId = picks.chat(step.chat, 'chatting');
      const sessionId = picks.sessionIn(chatId, 'its-agent');
      const all = picks.state.chats.get(chatId)?.suggestions?.list ?? [];
      const suggestionId = all.at(-1 - (step.suggestion % (all.length + 1)))?.id ?? 1;
      return {
        type: 'chat.decideSuggestion',
        chatId,
        sessionId,
        suggestionId,
        outcome: step.outcome,
      };
    }
    default:
      return step satisfies never;
  }
}
