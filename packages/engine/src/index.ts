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
  type GroupShare,
  type OpeningHours,
  type OpenSpan,
  type Role,
  type Settings,
  type Skill,
  type SystemMessageId,
  type SystemTexts,
  systemText,
  type User,
  type Weekday,
} from './config.js';
export { type Decision, decide, type Situation } from './decide.js';
export { type Actor, type Envelope, SYSTEM } from './envelope.js';
export {
  EVENT_MEANING,
  type EventMeaning,
  topicsOf,
  topicsOfAll,
} from './event-meaning.js';
export {
  type AccountEvent,
  type AccountEventType,
  type Author,
  authorOfLine,
  type Availability,
  type ChatEndReason,
  chatOf,
  type FeedEntry,
  type FeedState,
  type GroupReason,
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
export { evolve, skipTo } from './evolve.js';
export { execute, type Outcome, replay } from './execute.js';
export {
  type FeedAmount,
  FeedBudget,
  MOST_BEFORE_ACCEPTED,
  MOST_IN_FEED,
  MOST_IN_PAGE,
} from './feed-limits.js';
export { isOfVisitor, isVisitOf, tracesOf, type VisitorTraces } from './forget-visitor.js';
export { PERSONAL_EVENTS, withoutPersonalData } from './journal/erase.js';
export {
  decode,
  decodeWith,
  EVENT_TYPES,
  eventVersion,
  type StoredEvent,
  type Unreadable,
  UnreadableEvent,
  type Upcaster,
  type Upcasters,
} from './journal/decode.js';
export { chatForWriting, type FormerAgent, type Whereabouts } from './former-agents.js';
export { Lifelines } from './lifelines.js';
export { isOpen, nextOpening } from './opening-hours.js';
export { lastVisible, type ReadPositions, readPosition } from './reading.js';
export { type MailOutcome, MOST_TRANSCRIPTS, type TranscriptMail } from './outbox.js';
export { type Audience, availableSlots, estimatedWait, isAvailable } from './estimates.js';
export { bytesOf, storedBytes } from './memory/bytes.js';
export {
  MAX_ATTRIBUTES_BYTES,
  MAX_FEED_BYTES,
  MAX_FEED_BYTES_BEFORE_ACCEPTED,
  MAX_PAGES_BYTES,
  MAX_SECTIONS_BYTES,
  MAX_VARIABLES_BYTES,
  MAX_VISIT_BYTES,
  MAX_VISITS_OF_VISITOR,
} from './memory/limits.js';
export {
  BYTES_PER_CHAT,
  BYTES_PER_MAIL,
  BYTES_PER_VISIT,
  Memory,
  recount,
} from './memory/memory.js';
export { networkOf } from './memory/network.js';
export {
  IDLE_SHARES,
  type MemoryRoom,
  type NoRoom,
  type Standing,
  STEPS,
  UNLIMITED,
} from './memory/room.js';
export {
  agentsForTransfer,
  canTakeTransfer,
  freeSlots,
  MAX_RINGING,
  mayTransfer,
  someoneOnline,
} from './routing.js';
export { type Access, access, type ChatReader, type Staff } from './access.js';
export { agentIn, agentOffer, isOver, queuedAs, type Service, serviceOf } from './service.js';
export {
  readSnapshot,
  SNAPSHOT_VERSION,
  type SnapshotReader,
  UnreadableSnapshot,
} from './snapshot/assemble.js';
export { StateFreeze } from './snapshot/freeze.js';
export { fromSnapshot, type StateSnapshot, takeSnapshot } from './snapshot/whole.js';
export {
  type AccountState,
  type AgentSession,
  type Chat,
  type ChatParticipant,
  type HandlingSample,
  initialState,
  loadOf,
  type Offer,
  type Phase,
  queueKey,
  type Role as ChatRole,
  type Waiting,
  type WaitSample,
} from './state.js';
export type { Participant, ParticipantProfile, PlainDay } from './participants.js';
export type { ReasonRefused, StatusReason } from './status-reasons.js';
export type {
  ChatSurveys,
  FilledSurvey,
  KeptSurvey,
  OfflineVisitor,
  SurveyAnswer,
} from './surveys.js';
export { agentTopic, chatTopic, sessionTopic, type Topic } from './topics.js';
export {
  answeredBefore,
  BYTES_PER_KEYED_ENTRY,
  BYTES_PER_RETRY,
  type Idempotency,
  MAX_RETRIES_OF_CHAT,
  MAX_RETRIES_OF_USER,
  MIN_RETRY_LIFE_MS,
  RETRY_LIFE_MS,
  type RetryCaller,
  type RetryRecord,
  type RetryRefused,
  shareOf,
} from './retries.js';
export { type Typing, TypingBoard, type TypingParty } from './typing.js';
export { type GivenVariable, type KeptVariable, MOST_VARIABLES } from './variables.js';
export {
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
export {
  type DeviceFamily,
  type GivenAttribute,
  MAX_ATTRIBUTES,
  MAX_PAGES,
  type Visit,
  type VisitAttribute,
  type VisitFacts,
  type VisitPage,
  type VisitReport,
  VISIT_LIFE_MS,
  visitOfChat,
} from './visits.js';
