/** The Server Chat API for visitors. */
import type { VisitorIdentity } from '../identity/identity.js';
import type { TranscriptThrottle } from '../transcript/throttle.js';
import type { VisitorContext } from '../visitor/context.js';
import {
  visitorChatInfoDocument,
  visitorEventDocument,
  visitorEventsDocument,
} from '@parley/protocol';
import type { FastifyInstance } from 'fastify';
import { type Api, resource } from '../http/resource.js';
import { authenticateVisitor } from '../identity/routes.js';
import * as push from '../push/stream-routes.js';
import { openEngagement, updateEngagement } from '../engagement/routes.js';
import { getOfflineSurvey, leaveOfflineSurvey } from '../surveys/offline-routes.js';
import * as surveys from '../surveys/visitor-routes.js';
import { requestTranscript, requestTranscriptWithSubject } from '../transcript/routes.js';
import * as account from '../visitor/account-routes.js';
import {
  authorizeReport,
  authorizeVisitor,
  authorizeVisitorChat,
  type ReportCall,
  type VisitorCall,
  type VisitorChatCall,
} from '../visitor/authorize.js';
import * as chat from '../chat/operations.js';
import * as own from '../visitor/chat-routes.js';
import { startChat } from '../chat-request/start-chat.js';

const common = { versions: ['1', '1.0'], cors: 'visitor' } as const;
const byKey: Api<VisitorCall, VisitorContext> = { ...common, authorize: authorizeVisitor };
const byReporter: Api<ReportCall, VisitorContext> = { ...common, authorize: authorizeReport };
const byChat: Api<VisitorChatCall, VisitorContext> = { ...common, authorize: authorizeVisitorChat };

/** What the Server Chat API works with. */
export interface VisitorApiContext extends VisitorContext {
  /** Finds out who visitors are. */
  readonly identity: VisitorIdentity;
  readonly transcripts: TranscriptThrottle;
}

export function registerVisitor(app: FastifyInstance, server: VisitorApiContext): void {
  const C = '/chat/:chat';

  resource(app, server, byKey, '', { GET: account.getAccount });
  resource(app, server, byKey, '/chat/availability', { GET: account.getAvailability });
  resource(app, server, byKey, '/chat/availableSlots', { GET: account.getAvailableSlots });
  resource(app, server, byKey, '/chat/estimatedWaitTime', { GET: account.getEstimatedWait });
  resource(app, server, byKey, '/conversation', { POST: authenticateVisitor(server.identity) });
  resource(app, server, byKey, '/chat/request', { POST: startChat });
  resource(app, server, byKey, '/chat/preSurvey', { GET: surveys.getPreChatSurvey });
  resource(app, server, byKey, '/chat/offlineSurvey', {
    GET: getOfflineSurvey,
    PUT: leaveOfflineSurvey,
    POST: leaveOfflineSurvey,
  });

  resource(app, server, byChat, C, { GET: own.getChat });
  resource(app, server, byChat, `${C}/events`, {
    GET: chat.readEvents(visitorEventsDocument),
    POST: own.addEvent,
  });
  resource(app, server, byChat, `${C}/events/:event`, {
    GET: chat.readEvent(visitorEventDocument),
  });
  resource(app, server, byChat, `${C}/info`, { GET: chat.readInfo(visitorChatInfoDocument) });
  resource(app, server, byChat, `${C}/info/visitorName`, {
    GET: chat.getVisitorName,
    PUT: own.putVisitorName,
  });
  resource(app, server, byChat, `${C}/info/visitorTyping`, {
    GET: chat.getVisitorTyping,
    PUT: own.putVisitorTyping,
  });
  resource(app, server, byChat, `${C}/info/agentTyping`, { GET: chat.getAgentTyping });
  resource(app, server, byChat, `${C}/read`, { PUT: own.putRead });
  resource(app, server, byChat, `${C}/stream`, { GET: push.getChatStream });
  resource(app, server, byChat, `${C}/ws`, { GET: push.getChatSocket });
  resource(app, server, byChat, `${C}/tickets`, { POST: push.giveChatTicket });
  resource(app, server, byChat, `${C}/exitSurvey`, {
    GET: surveys.getExitSurvey,
    PUT: surveys.putExitSurvey,
  });
  resource(app, server, byChat, `${C}/customVariables`, { PUT: own.putCustomVariables });
  resource(app, server, byChat, `${C}/transcriptRequest`, {
    PUT: requestTranscript(server.transcripts),
  });
  resource(app, server, byChat, `${C}/transcriptWithSubjectRequest`, {
    PUT: requestTranscriptWithSubject(server.transcripts),
  });

  const V = '/app/engagement/visitors';
  resource(app, server, byReporter, V, { POST: openEngagement });
  resource(app, server, byReporter, `${V}/:visitor`, {
    POST: openEngagement,
    PUT: updateEngagement,
  });
}
