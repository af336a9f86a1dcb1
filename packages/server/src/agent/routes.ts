/** The Chat Agent API (agent.md). */
import type { FastifyInstance } from 'fastify';
import { type Api, resource } from '../http/resource.js';
import type { Server } from '../server.js';
import { getAgentSurvey, putAgentSurvey } from '../surveys/agent-routes.js';
import {
  type AgentChatCall,
  admitChat,
  admitSession,
  admitUser,
  type SessionCall,
  type UserCall,
} from './admit.js';
import * as chat from '../chat/operations.js';
import * as own from './chat-routes.js';
import * as colleagues from './colleagues.js';
import * as session from './session-routes.js';
import { getSeveralChats } from './several-chats.js';
import { getTransferSkills, transferChat } from './transfer.js';

const common = { versions: ['1', '1.0'], cors: 'agent' } as const;
const byUser: Api<UserCall> = { ...common, admit: admitUser };
const bySession: Api<SessionCall> = { ...common, admit: admitSession };
const byChat: Api<AgentChatCall> = { ...common, admit: admitChat };

export function registerAgent(app: FastifyInstance, server: Server): void {
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
  resource(app, server, bySession, `${S}/chatSessions`, { GET: session.getChatSessions });
  resource(app, server, bySession, `${S}/availableAgents`, { GET: colleagues.getAvailableAgents });
  resource(app, server, bySession, `${S}/skills`, { GET: colleagues.getSkills });
  resource(app, server, bySession, `${S}/chat`, { GET: getSeveralChats });
  resource(app, server, bySession, `${S}/chat/availableSlots`, {
    GET: colleagues.getAvailableSlots,
  });

  resource(app, server, byChat, C, { GET: own.getChat });
  resource(app, server, byChat, `${C}/events`, { GET: chat.getEvents, POST: own.addEvent });
  resource(app, server, byChat, `${C}/events/:event`, { GET: chat.getEvent });
  resource(app, server, byChat, `${C}/info`, { GET: chat.getInfo });
  resource(app, server, byChat, `${C}/info/visitorName`, { GET: chat.getVisitorName });
  resource(app, server, byChat, `${C}/info/visitorTyping`, { GET: chat.getVisitorTyping });
  resource(app, server, byChat, `${C}/info/agentTyping`, {
    GET: chat.getAgentTyping,
    PUT: own.putAgentTyping,
  });
  resource(app, server, byChat, `${C}/survey`, { GET: getAgentSurvey, PUT: putAgentSurvey });
  resource(app, server, byChat, `${C}/transfer`, { GET: getTransferSkills, POST: transferChat });
}
