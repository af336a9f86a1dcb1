/** The Chat Agent API. */
import { chatInfoDocument, eventDocument, eventsDocument } from '@parley/protocol';
import type { FastifyInstance } from 'fastify';
import type { AuthContext } from '../auth/context.js';
import type { GeoDatabase } from '../visits/geo.js';
import { type Api, resource } from '../http/resource.js';
import { getParticipantInfo } from '../identity/routes.js';
import * as push from '../push/stream-routes.js';
import { getAgentSurvey, putAgentSurvey } from '../surveys/agent-routes.js';
import { authorizeVisit, type VisitCall } from '../visits/authorize.js';
import { getEarlierChat, getEarlierChats } from '../visits/earlier-chats.js';
import * as visit from '../visits/routes.js';
import { getVisitState } from '../visits/state.js';
import {
  type AgentChatCall,
  authorizeChat,
  authorizeSession,
  authorizeSupervisedChat,
  authorizeUser,
  type SessionCall,
  type UserCall,
} from '../agent/authorize.js';
import * as chat from '../chat/operations.js';
import * as own from '../agent/chat-routes.js';
import { getApprovals, putApproval } from '../agent/approvals.js';
import * as collaboration from '../agent/collaboration.js';
import { escalateChat } from '../agent/escalation.js';
import { getRouting } from '../agent/routing.js';
import * as colleagues from '../agent/colleagues.js';
import { getCannedTexts } from '../agent/canned-texts.js';
import * as delegations from '../agent/delegations.js';
import * as session from '../agent/session-routes.js';
import { getSeveralChats } from '../agent/several-chats.js';
import * as suggestions from '../agent/suggestions.js';
import { getTransferSkills, transferChat } from '../agent/transfer.js';

/** What the Chat Agent API works with. */
export interface AgentContext extends AuthContext {
  /** Where addresses are. */
  readonly geo: GeoDatabase;
}

const common = { versions: ['1', '1.0'], cors: 'agent' } as const;
const byUser: Api<UserCall, AuthContext> = { ...common, authorize: authorizeUser };
const bySession: Api<SessionCall, AuthContext> = { ...common, authorize: authorizeSession };
const byChat: Api<AgentChatCall, AuthContext> = { ...common, authorize: authorizeChat };
/** Who supervises the chat needs not be in it. */
const bySupervisedChat: Api<AgentChatCall, AuthContext> = {
  ...common,
  authorize: authorizeSupervisedChat,
};
const byVisit: Api<VisitCall, AuthContext> = { ...common, authorize: authorizeVisit };

export function registerAgent(app: FastifyInstance, server: AgentContext): void {
  const S = '/agentSession/:session';
  const C = `${S}/chat/:chat`;

  resource(app, server, byUser, '/agentSession', { POST: session.openSession });
  resource(app, server, bySession, S, { GET: session.getSession, DELETE: session.deleteSession });
  resource(app, server, bySession, `${S}/availability`, {
    GET: session.getAvailability,
    PUT: session.putAvailability,
  });
  resource(app, server, bySession, `${S}/info`, { GET: session.getAgentInfo });
  resource(app, server, bySession, `${S}/incomingRequests`, {
    GET: session.getIncomingRequests,
    POST: session.acceptNextChat,
  });
  resource(app, server, bySession, `${S}/incomingRequests/:offer`, {
    DELETE: session.declineOffer,
  });
  resource(app, server, bySession, `${S}/cannedTexts`, { GET: getCannedTexts });
  resource(app, server, bySession, `${S}/delegations`, {
    GET: delegations.getDelegations,
    POST: delegations.addDelegation,
  });
  resource(app, server, bySession, `${S}/delegations/:delegation`, {
    DELETE: delegations.endDelegation,
  });
  resource(app, server, byUser, '/approvals', { GET: getApprovals });
  resource(app, server, byUser, '/approvals/:approval', { PUT: putApproval });
  resource(app, server, bySession, `${S}/stream`, { GET: push.getSessionStream });
  resource(app, server, bySession, `${S}/ws`, { GET: push.getSessionSocket });
  resource(app, server, bySession, `${S}/tickets`, { POST: push.giveSessionTicket });
  resource(app, server, bySession, `${S}/chatSessions`, { GET: session.getChatSessions });
  resource(app, server, bySession, `${S}/availableAgents`, { GET: colleagues.getAvailableAgents });
  resource(app, server, bySession, `${S}/skills`, { GET: colleagues.getSkills });
  resource(app, server, bySession, `${S}/chat`, { GET: getSeveralChats });
  resource(app, server, bySession, `${S}/chat/availableSlots`, {
    GET: colleagues.getAvailableSlots,
  });

  resource(app, server, byChat, C, { GET: own.getChat });
  resource(app, server, byChat, `${C}/events`, {
    GET: chat.readEvents(eventsDocument),
    POST: own.addEvent,
  });
  resource(app, server, byChat, `${C}/events/:event`, { GET: chat.readEvent(eventDocument) });
  resource(app, server, byChat, `${C}/info`, { GET: chat.readInfo(chatInfoDocument) });
  resource(app, server, byChat, `${C}/info/visitorName`, { GET: chat.getVisitorName });
  resource(app, server, byChat, `${C}/info/visitorTyping`, { GET: chat.getVisitorTyping });
  resource(app, server, byChat, `${C}/info/agentTyping`, {
    GET: chat.getAgentTyping,
    PUT: own.putAgentTyping,
  });
  resource(app, server, bySupervisedChat, `${C}/collaborationChannels`, {
    GET: collaboration.getChannels,
    POST: collaboration.openChannel,
  });
  resource(app, server, bySupervisedChat, `${C}/collaborationChannels/:channel`, {
    GET: collaboration.getChannel,
    DELETE: collaboration.closeChannel,
  });
  resource(app, server, bySupervisedChat, `${C}/takeOver`, { POST: collaboration.takeOverChat });
  resource(app, server, byChat, `${C}/suggestions`, {
    GET: suggestions.getSuggestions,
    POST: suggestions.addSuggestion,
  });
  resource(app, server, byChat, `${C}/suggestions/:suggestion`, {
    GET: suggestions.getSuggestion,
    PUT: suggestions.putSuggestion,
  });
  resource(app, server, byChat, `${C}/escalation`, { POST: escalateChat });
  resource(app, server, bySupervisedChat, `${C}/routing`, { GET: getRouting });
  resource(app, server, byChat, `${C}/read`, { PUT: own.putRead });
  resource(app, server, byChat, `${C}/survey`, { GET: getAgentSurvey, PUT: putAgentSurvey });
  resource(app, server, byChat, `${C}/transfer`, { GET: getTransferSkills, POST: transferChat });

  const V = `${S}/visits/visit/:visit`;
  resource(app, server, byVisit, V, { GET: visit.getVisit });
  resource(app, server, byVisit, `${V}/info`, { GET: visit.getVisitInfo(server.geo) });
  resource(app, server, byVisit, `${V}/customVariables`, { GET: visit.getVisitVariables });
  resource(app, server, byVisit, `${V}/pages`, { GET: visit.getVisitPages });
  resource(app, server, byVisit, `${V}/surveys`, { GET: visit.getVisitSurveys });
  resource(app, server, byVisit, `${V}/earlierChats`, { GET: getEarlierChats });
  resource(app, server, byVisit, `${V}/earlierChats/:earlier`, { GET: getEarlierChat });
  for (const name of ['participantInfo', 'participantExtendedInfo']) {
    resource(app, server, bySession, `${S}/${name}/:participant`, { GET: getParticipantInfo });
  }
  resource(app, server, byUser, '/monitoring/visitors/:visitor/visits/current/state', {
    GET: getVisitState(server.geo),
  });
}
