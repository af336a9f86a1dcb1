export { type Actor, SYSTEM } from './actor.js';
export { Deadlines } from './deadlines.js';
export { type Access, type ChatReader, type Rights, access } from './chats/access.js';
export { type Staff, maySupervise, supervisionOf } from './chats/supervision.js';
export type {
  Chat,
  ChatParticipant,
  FormerAgent,
  Invitation,
  Offer,
  Phase,
  ReadPositions,
  Role as ChatRole,
  Waiting,
} from './chats/chat.js';
export type { Party } from './chats/commands.js';
export {
  type Author,
  type CollaborationEntry,
  type FeedEntry,
  type FeedState,
  type LineEntry,
  type Source,
  type StateEntry,
  type SubType,
  type TextType,
  authorOfLine,
} from './chats/entries.js';
export type { ChatEndReason, WithdrawalReason } from './chats/events.js';
export type { FeedAmount } from './chats/feed-amount.js';
export {
  FeedBudget,
  MAX_BEFORE_ACCEPTED,
  MAX_IN_FEED,
  MAX_IN_PAGE,
} from './chats/feed-limits.js';
export { chatForWriting } from './chats/former-agents.js';
export { lastVisible, readPosition } from './chats/reading.js';
export { type Service, agentIn, agentOffer, isOver, queuedAs, serviceOf } from './chats/service.js';
export { type Typing, type TypingBy, TypingIndicators, type TypingParty } from './chats/typing.js';
export type { VariableInput, StoredVariable } from './chats/variable.js';
export { MAX_VARIABLES } from './chats/variables.js';
export {
  type FeedPage,
  type FeedReader,
  type Presence,
  agentOf,
  durationMs,
  feedState,
  readEarlier,
  isShownTo,
  isVisibleTo,
  presenceOf,
  readEntry,
  readFeed,
} from './chats/views.js';
export type { VisitorFacts } from './chats/visitor.js';
export type { Whereabouts } from './chats/whereabouts.js';
export { MAX_IN_CHAT } from './collaboration/decide.js';
export type { AccountCommand, CommandType, Rejection, Replies } from './commands.js';
export {
  type AccountConfig,
  type AgentGroup,
  DEFAULT_SETTINGS,
  type GroupShare,
  type OpenSpan,
  type OpeningHours,
  type Role,
  type Settings,
  type Skill,
  type SystemMessageId,
  type SystemTexts,
  type User,
  type Weekday,
  systemText,
} from './config.js';
export { decide } from './decide.js';
export type { Decision } from './decision.js';
export type { Envelope } from './envelope.js';
export { EVENT_MEANING, type EventMeaning, topicsOf, topicsOfAll } from './event-meaning.js';
export { type AccountEvent, type AccountEventType, chatOf } from './events.js';
export { evolve, skipTo } from './evolve.js';
export { type Outcome, execute, replay } from './execute.js';
export {
  EVENT_TYPES,
  type StoredEvent,
  type Unreadable,
  UnreadableEvent,
  type Upcaster,
  type Upcasters,
  decode,
  decodeWith,
  eventVersion,
} from './journal/decode.js';
export { PERSONAL_EVENTS, withoutPersonalData } from './journal/erase.js';
export type { MailOutcome, TranscriptMail } from './mail/mail.js';
export { MAX_TRANSCRIPTS } from './mail/outbox.js';
export { bytesOf, storedBytes } from './memory/bytes.js';
export {
  MAX_ATTRIBUTES_BYTES,
  MAX_FEED_BYTES,
  MAX_FEED_BYTES_BEFORE_ACCEPTED,
  MAX_PAGES_BYTES,
  MAX_SECTIONS_BYTES,
  MAX_VARIABLES_BYTES,
  MAX_VISITS_OF_VISITOR,
  MAX_VISIT_BYTES,
} from './memory/limits.js';
export { BYTES_PER_CHAT, BYTES_PER_MAIL, BYTES_PER_VISIT, Memory } from './memory/memory.js';
export { networkOf } from './memory/network.js';
export type { NoRoom } from './memory/no-room.js';
export { recount } from './memory/recount.js';
export { IDLE_SHARES, type MemoryRoom, STEPS, type Standing, UNLIMITED } from './memory/room.js';
export type { Participant, ParticipantProfile, PlainDay } from './participants/participant.js';
export { answeredBefore } from './retries/answered.js';
export type { Idempotency, RetryCaller, RetryRefused } from './retries/request.js';
export {
  BYTES_PER_KEYED_ENTRY,
  BYTES_PER_RETRY,
  MAX_RETRIES_OF_CHAT,
  MAX_RETRIES_OF_USER,
  MIN_RETRY_LIFE_MS,
  RETRY_LIFE_MS,
  type RetryRecord,
  shareOf,
} from './retries/retries.js';
export { type Audience, availableSlots, estimatedWait, isAvailable } from './routing/estimates.js';
export type { RequiredAnswer, RoutingRule } from './routing-rules/rule.js';
export { isOpen, nextOpening } from './routing/opening-hours.js';
export { type QueuePlace, queuePlace } from './routing/queue-place.js';
export { queueKey } from './routing/queue-key.js';
export type {
  GroupReason,
  PassedOver,
  Routed,
  RoutingReason,
  Weighed,
} from './routing/reason.js';
export { MAX_WEIGHED, type Sought, type Weighing, soughtFor, weigh } from './routing/weigh.js';
export type { NotRuled } from './routing-rules/matching.js';
export {
  MAX_RINGING,
  agentsForTransfer,
  canTakeTransfer,
  freeSlots,
  mayTransfer,
  someoneOnline,
} from './routing/routing.js';
export type { HandlingSample, WaitSample } from './routing/sample.js';
export type { Availability } from './sessions/availability.js';
export type { SessionEndReason } from './sessions/events.js';
export { Heartbeats } from './sessions/heartbeats.js';
export { type Beside, type RoleBeside, chatsBeside } from './sessions/beside.js';
export { ringingAt } from './sessions/decide.js';
export { WAIT_WINDOW_MS } from './routing/samples.js';
export { type AgentSession, loadOf } from './sessions/session.js';
export type { ReasonRefused, StatusReason } from './sessions/status-reason.js';
export type { DecisionContext } from './context.js';
export {
  SNAPSHOT_VERSION,
  type SnapshotReader,
  UnreadableSnapshot,
  readSnapshot,
} from './snapshot/assemble.js';
export { StateFreeze } from './snapshot/freeze.js';
export { type StateSnapshot, fromSnapshot, takeSnapshot } from './snapshot/whole.js';
export { type AccountState, initialState } from './state.js';
export {
  DELEGATED_RIGHTS,
  type DelegatedRight,
  type Delegation,
  MAX_DELEGATIONS,
} from './delegations/delegation.js';
export type {
  ChatSuggestions,
  SuggestedType,
  Suggestion,
  SuggestionFigures,
  SuggestionOutcome,
  SuggestionState,
} from './suggestions/suggestion.js';
export type { SuggestionRefused } from './suggestions/commands.js';
export { NO_FIGURES } from './suggestions/suggestion.js';
export {
  MAX_CLOSED_SUGGESTIONS,
  MAX_OPEN_SUGGESTIONS,
  MAX_SUGGESTION_BYTES,
  MAX_SUGGESTIONS,
} from './suggestions/limits.js';
export type {
  ChatSurveys,
  FilledSurvey,
  StoredSurvey,
  OfflineVisitor,
  SurveyAnswer,
} from './surveys/surveys.js';
export { type Topic, agentTopic, chatTopic, sessionTopic } from './topics.js';
export { type VisitorTraces, isOfVisitor, isVisitOf, tracesOf } from './visitors/traces.js';
export type {
  DeviceFamily,
  AttributeInput,
  Visit,
  VisitAttribute,
  VisitFacts,
  VisitPage,
  VisitReport,
} from './visits/visit.js';
export { MAX_ATTRIBUTES, MAX_PAGES, VISIT_LIFE_MS, visitOfChat } from './visits/visits.js';
