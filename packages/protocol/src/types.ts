/**
 * `@parley/protocol/types`: the canonical values of the documents, as types alone. Importing it runs
 * nothing.
 */
export type { Link } from './annotations.js';
export type { AvailableAgents, Transfer } from './documents/agent-session.js';
export type {
  AppKeyChange,
  AuditDocument,
  ConfiguredAppKey,
  ConfiguredCategory,
  ConfiguredContent,
  ConfiguredSettings,
  ConfiguredSurvey,
  SettingsChange,
  SurveyChange,
} from './documents/account-settings.js';
export type {
  ChatDocument,
  ChatEvent,
  ChatInfo,
  EventsDocument,
  NewEvent,
} from './documents/chat.js';
export type {
  ConfiguredGroup,
  ConfiguredSkill,
  ConfiguredUser,
  GroupChange,
  SkillChange,
  UserChange,
} from './documents/configuration.js';
export type { CannedText } from './documents/canned-texts.js';
export type { Approval, Delegation, NewDelegation } from './documents/delegations.js';
export type { Service } from './documents/domain.js';
export type { LoginDocument, LoginRequest } from './documents/login.js';
export type { MailTestDocument } from './documents/mail-test.js';
export type { WorkspacePagesDocument } from './documents/workspace-pages.js';
export type { ConfiguredReason, ReasonChange } from './documents/status-reasons.js';
export type {
  NewSuggestion,
  NewSuggestionOutcome,
  Suggestion,
  SuggestionFigures,
} from './documents/suggestions.js';
export type {
  SupervisedAgent,
  SupervisedChat,
  SupervisedSkill,
  SupervisionFigures,
} from './documents/supervision.js';
export type { RoutingDecision, RoutingDocument, RoutingWeighing } from './documents/routing.js';
export type { ConfiguredRoutingRule, RoutingRuleChange } from './documents/routing-rules.js';
export type { SurveyAnswers, SurveyDocument } from './documents/survey.js';
export type { ChatRequest } from './documents/visitor.js';
