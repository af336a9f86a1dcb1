/** `@parley/protocol`: the wire. One typed schema per document, its representations, the error table. */

export { Link } from './annotations.js';
export {
  defineDocument,
  type DocumentDefinition,
  type DocumentType,
  type DocumentValue,
  type ReadFailure,
  type ReadResult,
} from './document.js';
export { describeProblems, type Problem } from './problems.js';
export { parseJson, type JsonResult } from './json-reader.js';
export { parseXml, XML_LIMITS, type XmlResult } from './xml-reader.js';
export {
  chooseRepresentation,
  CONTENT_TYPES,
  PROBLEM_CONTENT_TYPE,
  type Representation,
} from './negotiate.js';
export { formatErrorTime, formatTime, isTimeZone, zoneOffset } from './time.js';
export { ERRORS, WireError, type ErrorCode, type ErrorEntry } from './errors.js';
export {
  bareErrorDocumentType,
  codeIn,
  errorDocument,
  errorDocumentType,
  type ErrorAnswer,
  type ErrorForm,
  type ErrorOccurrence,
} from './error-document.js';
export { type LinkKind, linkOrNull, readLink, withoutHarm } from './links.js';
export { keptName, nameProblem } from './names.js';
export { isMailAddress } from './text-forms.js';
export { knownFields } from './values.js';
export { linesOf, oneLine, quoted, visible, visibleLines } from './visible-text.js';
export {
  readStructuredContent,
  STRUCTURED_CONTENT_MAX,
  type StructuredContentResult,
} from './structured-content.js';
export { REL, type Rel } from './relations.js';
export { wireSchema } from './wire-schema.js';
export type { JsonSchema, PlacePart, WireForm } from './wire-form.js';
export {
  AGENT_STATE_NUMBERS,
  agentInfoDocument,
  agentSessionDocument,
  agentSessionLocationDocument,
  availabilityDocument,
  availableAgentsDocument,
  availableSlotsDocument,
  chatSessionsDocument,
  incomingRequestsDocument,
  type Offer,
  newAvailabilityDocument,
  skillsDocument,
  transferDocument,
  transferSkillsDocument,
  type AvailableAgents,
  type Transfer,
} from './documents/agent-session.js';
export {
  agentTypingDocument,
  chatDocument,
  chatEventLocationDocument,
  chatInfoDocument,
  chatLocationDocument,
  chatsDocument,
  eventDocument,
  eventsDocument,
  LINE_MAX,
  NAME_MAX,
  newEventDocument,
  readDocument,
  visitorChatInfoDocument,
  visitorEventDocument,
  visitorEventsDocument,
  visitorNameDocument,
  typingPreviewDocument,
  visitorTypingDocument,
  type ChatDocument,
  type ChatEvent,
  type ChatInfo,
  type EventsDocument,
  type NewEvent,
} from './documents/chat.js';
export {
  engagementDocument,
  engagementRequestDocument,
  visitStateDocument,
  type EngagementAttribute,
  type EngagementAttributeType,
  type EngagementDocument,
  type EngagementRequest,
  type VisitState,
} from './documents/engagement.js';
export {
  ANSWER_MAX,
  givenAnswers,
  surveyAnswersDocument,
  surveyDocument,
  type SurveyAnswers,
  type SurveyDocument,
} from './documents/survey.js';
export {
  accountDocument,
  chatRequestDocument,
  estimatedWaitTimeDocument,
  newCustomVariablesDocument,
  type OfflineSurveyAnswers,
  offlineSurveyAnswersDocument,
  skillsAvailabilityDocument,
  transcriptRequestDocument,
  transcriptWithSubjectRequestDocument,
  visitorAvailabilityDocument,
  type ChatRequest,
} from './documents/visitor.js';
export {
  customVariablesDocument,
  earlierChatsDocument,
  visitDocument,
  visitInfoDocument,
  visitPagesDocument,
  visitSurveysDocument,
} from './documents/visit.js';
export { baseUriDocument, baseUrisDocument, SERVICES, type Service } from './documents/domain.js';
export {
  changePasswordDocument,
  csrfDocument,
  loginDocument,
  loginRequestDocument,
  PASSWORD_MAX,
  type LoginDocument,
  type LoginRequest,
} from './documents/login.js';
export {
  agentGroupsChangesDocument,
  agentGroupsDeltaDocument,
  agentGroupsSnapshotDocument,
  type ChangesAnswers,
  type ChangesQuery,
  changesQueryDocument,
  CONFIG_NAME_MAX,
  type ConfiguredGroup,
  configuredGroupDocument,
  configuredGroupsDocument,
  type ConfiguredSkill,
  configuredSkillDocument,
  configuredSkillsDocument,
  type ConfiguredUser,
  configuredUserDocument,
  configuredUsersDocument,
  type GroupChange,
  groupChangeDocument,
  MAX_CHATS_MAX,
  MAX_WAIT_MAX,
  recordIdsDocument,
  resetPasswordDocument,
  type SkillChange,
  skillChangeDocument,
  skillsChangesDocument,
  skillsDeltaDocument,
  skillsSnapshotDocument,
  type UserChange,
  userChangeDocument,
  usersChangesDocument,
  usersDeltaDocument,
  usersSnapshotDocument,
} from './documents/configuration.js';
export {
  type AppKeyChange,
  appKeyChangeDocument,
  appKeyDocument,
  appKeySecretsDocument,
  appKeysDocument,
  auditDocument,
  cannedCategoriesDocument,
  cannedCategoryDocument,
  cannedContentDocument,
  cannedContentsDocument,
  type ConfiguredAppKey,
  type ConfiguredCategory,
  type ConfiguredContent,
  type ConfiguredSettings,
  type ConfiguredSurvey,
  configuredSurveyDocument,
  configuredSurveysDocument,
  type SettingsChange,
  settingsChangeDocument,
  settingsDocument,
  type SurveyChange,
  surveyChangeDocument,
  SYSTEM_MESSAGE_IDS,
  WEEKDAYS,
} from './documents/account-settings.js';
export {
  keySetDocument,
  tokenDocument,
  tokenErrorDocument,
  tokenRequestDocument,
  type TokenError,
  type TokenRequest,
} from './documents/oauth2.js';
export { type Profile, profileDocument, profilesDocument } from './documents/profiles.js';
export {
  type ConfiguredReason,
  type ReasonChange,
  statusReasonChangeDocument,
  statusReasonDocument,
  statusReasonsDocument,
} from './documents/status-reasons.js';
export { type MailTestDocument, mailTestDocument } from './documents/mail-test.js';
export { workspacePagesDocument } from './documents/workspace-pages.js';
export {
  type RoutingDecision,
  type RoutingDocument,
  type RoutingWeighing,
  routingDocument,
  whatIfAnswerDocument,
  whatIfDocument,
} from './documents/routing.js';
export {
  type ConfiguredRoutingRule,
  type RoutingRuleChange,
  routingRuleChangeDocument,
  routingRuleDocument,
  routingRulesDocument,
} from './documents/routing-rules.js';
export {
  predefinedCategoriesDocument,
  type PredefinedCategory,
  type PredefinedCategoryChange,
  predefinedCategoryChangeDocument,
  predefinedCategoryDocument,
  type PredefinedContent,
  predefinedContentByCategoryDocument,
  type PredefinedContentChange,
  predefinedContentChangeDocument,
  predefinedContentDocument,
  predefinedContentsDocument,
  TITLE_MAX,
} from './documents/predefined-content.js';
export {
  chatAssignmentDocument,
  type SupervisedAgent,
  supervisedAgentDocument,
  supervisedAgentsDocument,
  type SupervisedChat,
  supervisedChatDocument,
  supervisedChatsDocument,
  type SupervisedSkill,
  supervisedSkillsDocument,
  type SupervisionFigures,
} from './documents/supervision.js';
export { visitorDataDocument, visitorErasureDocument } from './documents/visitor-data.js';
export {
  type ConfiguredIdentity,
  conversationDocument,
  type ConversationRequest,
  conversationRequestDocument,
  type IdentityChange,
  participantInfoDocument,
  visitorIdentitiesDocument,
  visitorIdentityChangeDocument,
  visitorIdentityDocument,
} from './documents/visitor-identity.js';
export { DOCUMENTS } from './documents/all.js';
export { errorFormOf, isVisitorsChat } from './error-form.js';
export {
  type AnswerHeader,
  type AnyDocument,
  type DescribedOperation,
  EVENT_STREAM,
  LINES,
  type LinesOperation,
  type Method,
  METHODS,
  type Parameter,
  type RegisteredOperation,
  type RetryDescription,
} from './operation.js';
export {
  CLOSE_CODES,
  CLOSE_NOT_UNDERSTOOD,
  FRAMES,
  ticketDocument,
  type Bye,
  type FrameData,
  type FrameType,
  type StreamedChat,
  type StreamedInfo,
} from './documents/push.js';
export {
  Approval,
  approvalDocument,
  approvalsDocument,
  decisionDocument,
  delegatedDocument,
  type Delegation,
  delegationsDocument,
  type NewDelegation,
  newDelegationDocument,
  PROGRAM_NAME_MAX,
} from './documents/delegations.js';
export { type CannedText, cannedTextsDocument } from './documents/canned-texts.js';
export {
  type NewSuggestion,
  type NewSuggestionOutcome,
  newSuggestionDocument,
  type Suggestion,
  SUGGESTION_LIFE_MAX,
  SUGGESTION_SOURCE_MAX,
  suggestionDocument,
  type SuggestionFigures,
  suggestionFiguresDocument,
  suggestionLocationDocument,
  suggestionOutcomeDocument,
  suggestionsDocument,
} from './documents/suggestions.js';
export {
  ChatRole,
  type CollaborationChannel,
  channelLocationDocument,
  collaborationChannelDocument,
  collaborationChannelsDocument,
  INVITATION_MAX,
  type NewCollaborationChannel,
  newCollaborationChannelDocument,
} from './documents/collaboration.js';
export {
  type Escalation,
  ESCALATION_NOTE_MAX,
  escalationDocument,
} from './documents/escalation.js';
