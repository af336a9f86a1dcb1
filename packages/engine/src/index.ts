export { Alarms } from './alarms.js';
export type {
  AccountCommand,
  CommandType,
  Party,
  Rejection,
  Replies,
} from './commands.js';
export {
  type AccountConfig,
  type AgentGroup,
  DEFAULT_SETTINGS,
  type Role,
  type Settings,
  type Skill,
  type SystemMessageId,
  type SystemTexts,
  systemText,
  type User,
} from './config.js';
export { type Decision, decide, type Situation } from './decide.js';
export {
  type AccountEvent,
  type AccountEventType,
  type Availability,
  type ChatEndReason,
  chatOf,
  EVENT_VERSION,
  type FeedEntry,
  type FeedState,
  type LineEntry,
  type RoutingReason,
  type SessionEndReason,
  type Source,
  type StateEntry,
  type SubType,
  type TextType,
  type UnrangReason,
  type VisitorFacts,
} from './events.js';
export { evolve } from './evolve.js';
export { execute, type Outcome, replay } from './execute.js';
export { Lifelines } from './lifelines.js';
export {
  type Audience,
  agentsForTransfer,
  availableSlots,
  canTakeTransfer,
  estimatedWait,
  freeSlots,
  isAvailable,
  routeNext,
  someoneOnline,
} from './routing.js';
export { fromSnapshot, SNAPSHOT_VERSION, type StateSnapshot, takeSnapshot } from './snapshot.js';
export {
  type AccountState,
  type AgentSession,
  type Chat,
  initialState,
  loadOf,
  queueKey,
  type Stage,
  type Waiting,
  type WaitSample,
} from './state.js';
export { type Typing, TypingBoard, type TypingParty } from './typing.js';
export {
  agentAccess,
  agentOf,
  durationMs,
  type FeedPage,
  type FeedReader,
  feedState,
  isVisibleTo,
  type Presence,
  presenceOf,
  readEntry,
  readFeed,
} from './views.js';
