/** Authenticated visitors on the wire (rules IDENT…): who they are, for pages and for agents. */
import { readBody } from '../http/read-body.js';
import { answerLive, answerWith, refuseCall } from '../http/reply.js';
import { pathParam } from '../http/query.js';
import type { VisitorIdentity } from './identity.js';
import { type Participant, access } from '@parley/engine';
import {
  conversationDocument,
  conversationRequestDocument,
  participantInfoDocument,
  WireError,
} from '@parley/protocol';
import type { SessionCall } from '../agent/authorize.js';
import type { Operation } from '../http/operation.js';
import type { VisitorCall } from '../visitor/authorize.js';

/** @param identity finds out who visitors are */
export function authenticateVisitor(identity: VisitorIdentity): Operation<VisitorCall> {
  return {
    summary: 'Authenticates a visitor with a token or code from an identity provider.',
    description:
      'authChatConnId is the connectorId from the engagement response. ssoKey is the token (JWT) for a connection of kind jwt, or the authorization code for one of kind code; each is accepted once. Start the chat with the two returned ids within an hour; they work for one chat.',
    body: conversationRequestDocument,
    answers: { 201: conversationDocument },
    errors: ['invalidField', 'identityRefused', 'identityUnavailable', 'tooManyRequests'],
    async handle(call) {
      const request = readBody(call, conversationRequestDocument);
      call.server.visitors.authorizeIdentity(call);
      const ids = await identity.identify(call.account, request, call.actor);
      return answerWith(call, conversationDocument, ids, 201);
    },
  };
}

/** Only of visitors in chats that the session may read: whoever else it is looks like nobody. */
export const getParticipantInfo: Operation<SessionCall> = {
  summary: 'Returns what the identity provider says about the authenticated visitor of a chat.',
  answers: { 200: participantInfoDocument },
  errors: ['notFound'],
  handle(call) {
    const participantId = pathParam(call, 'participant');
    const { state, config } = call.account.host;
    const reader = { by: 'session', sessionId: call.session.id } as const;
    let newest: { readonly participant: Participant; readonly seq: number } | null = null;
    for (const { id, participant, seq } of state.chats.values()) {
      if (participant?.participantId !== participantId) continue;
      if (access(state, config, reader, id) === null) continue;
      if (newest === null || participant.at >= newest.participant.at) newest = { participant, seq };
    }
    if (newest !== null) {
      return answerLive(call, participantInfoDocument, infoOf(newest.participant), newest.seq);
    }
    return refuseCall(
      call,
      new WireError(
        'notFound',
        "There is no such authenticated visitor in this session's chats: follow the link of the chat's info.",
      ),
    );
  },
};

function infoOf({ participantId, profile }: Participant) {
  const { name, surname, contacts = [], ...own } = profile;
  return {
    authenticatedParticipantInfo: { isUserAuthenticated: true, participantId, ...own },
    authenticatedPersonalInfo: {
      ...(name === undefined ? {} : { name }),
      ...(surname === undefined ? {} : { surname }),
      contacts: contacts.map((contact) => ({ ...contact })),
    },
  };
}
