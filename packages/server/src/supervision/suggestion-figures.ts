/** `B/bots/{user}/suggestions/figures`: how good what somebody suggests is, by what agents did with it. */
import { pathParam } from '../http/query.js';
import { answerTagged, refuseCall } from '../http/reply.js';
import { NO_FIGURES } from '@parley/engine';
import { REL, suggestionFiguresDocument, WireError } from '@parley/protocol';
import type { FastifyInstance } from 'fastify';
import { authorizeUser, type UserCall } from '../agent/authorize.js';
import type { AuthContext } from '../auth/context.js';
import { readScopeOf } from '../configuration/call.js';
import type { Answer } from '../http/answer.js';
import { TAGGED } from '../http/entity-tag.js';
import { type Api, resource } from '../http/resource.js';

const byUser: Api<UserCall, AuthContext> = {
  ...{ versions: ['1', '1.0'], cors: 'agent' },
  authorize: authorizeUser,
};

export function registerSuggestionFigures(app: FastifyInstance, server: AuthContext): void {
  resource(app, server, byUser, '/bots/:user/suggestions/figures', {
    GET: {
      summary: 'Counts the outcomes of everything that a bot or an agent has suggested.',
      description:
        'The counts remain when the chats are gone. For administrators, for managers of that user, and for the user.',
      ...TAGGED,
      answers: { 200: suggestionFiguresDocument, 304: null },
      handle: getFigures,
    },
  });
}

/** An id in its one spelling. */
const USER_ID = /^[1-9]\d{0,15}$/;

function getFigures(call: UserCall): Answer | Promise<never> {
  const { host } = call.account;
  const text = pathParam(call, 'user');
  const userId = USER_ID.test(text) ? Number(text) : 0;
  if (!isSeen(call, userId)) {
    return refuseCall(
      call,
      new WireError('notFound', 'There is no such user whose figures you may see: name another.'),
    );
  }
  const figures = host.state.suggestionFigures.get(userId) ?? NO_FIGURES;
  const { suggested, ...closed } = figures;
  const undecided = Object.values(closed).reduce((left, each) => left - each, suggested);
  const link = [{ href: `${call.base}/bots/${userId}/suggestions/figures`, rel: REL.self }];
  const value = { link, userId, ...figures, undecided };
  return answerTagged(call, suggestionFiguresDocument, value, host.state.seq);
}

function isSeen(call: UserCall, userId: number): boolean {
  const user = call.account.setup.users.get(userId);
  if (user === undefined) return false;
  if (userId === call.user.id) return true;
  const scope = readScopeOf(call, call.user);
  if (scope.of === 'groups') return scope.groupIds.has(user.groupId);
  return scope.of === 'everything';
}
