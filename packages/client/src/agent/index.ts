/** `@parley/client/agent`: agents and bots. */
import { Agent } from './agent.js';
import type { AgentOptions } from './agent-types.js';

/**
 * Logs in, opens an agent session and listens. From then on the agent reconnects, logs in again and replaces
 * lost sessions by itself; `agent.connection` reports the state.
 * @returns when the agent is Online and listens
 * @throws LoginError for a credential that is not accepted; RefusedError; UnreachableError for a
 *   certificate that is not trusted; the signal's reason. A server that is not there is waited for.
 */
export function connectAgent(options: AgentOptions): Promise<Agent> {
  return Agent.connect(options);
}

export type { Agent } from './agent.js';
export type { AgentEvents, AgentOptions, SkillOptions } from './agent-types.js';
export type { AgentChat } from './chat.js';
export type {
  AgentChatEvents,
  ChatEnd,
  ChatPage,
  EscalateOptions,
  LineOptions,
  PageOptions,
  ReadOptions,
  SayOptions,
  SentLine,
  StoredLine,
  WhisperOptions,
} from './chat-types.js';
export type { Connection, SessionEnd } from './connection.js';
export type {
  AgentInfo,
  Answered,
  Availability,
  Colleague,
  ColleagueState,
  CustomVariable,
  Presence,
  SkillName,
  TransferTarget,
  VisitInfo,
} from './documents.js';
export type { CannedText } from '@parley/protocol/types';
export type { EarlierChat, VisitPage } from './visit.js';
export type { Offer, OfferRole } from './incoming.js';
export type {
  Approval,
  Delegated,
  DelegatedRight,
  DelegateOptions,
  Delegation,
  Programs,
} from './programs.js';
export type {
  ChatSuggestions,
  SuggestOptions,
  Suggestion,
  SuggestionOutcome,
} from './suggestions.js';
export type {
  ChatRole,
  Invitation,
  Invited,
  InviteOptions,
  Participant,
} from './participants.js';
export type { ChatRouting } from './routing.js';
export type { RoutingDecision, RoutingWeighing } from '@parley/protocol/types';
export type { OfferOptions, ServeOptions } from './serve.js';
export {
  EndedError,
  LoginError,
  ParleyError,
  RefusedError,
  UnexpectedAnswerError,
  UnreachableError,
} from '../core/errors.js';
export type { AgentTabs, SessionTab, SharedSession, TabEvents } from '../core/session-tabs.js';
export { type Clock, systemClock } from '../core/clock.js';
export type { Via } from '../core/connection.js';
export type { Relation } from '../core/document.js';
export type { ErrorFacts } from '../core/errors.js';
export type { Listener } from '../core/events.js';
export type { ChatEvent, ChatInfo, Line } from '../core/feed.js';
export type { Fetch, FetchInit } from '../core/http.js';
export type {
  AppKeyLogin,
  ClientLogin,
  Login,
  PasswordLogin,
  Secret,
  SignedLogin,
  TokenLogin,
} from '../core/login.js';
export type { SignatureMethod } from '../core/oauth1.js';
export type { KeyValueStorage, Pending } from '../core/outbox.js';
export type { WebSocketConstructor, WebSocketLike } from '../core/web-socket.js';
export {
  type Answers,
  type Survey,
  type SurveyEntry,
  type SurveyQuestion,
  shownQuestions,
} from '../core/survey.js';
