/** Every document, for the API description and for tests that hold for all of them. */
import type { DocumentType } from '../document.js';
import { bareErrorDocumentType, errorDocumentType } from '../error-document.js';
import * as accountSettings from './account-settings.js';
import * as agentSession from './agent-session.js';
import * as chat from './chat.js';
import * as collaboration from './collaboration.js';
import * as configuration from './configuration.js';
import * as cannedTexts from './canned-texts.js';
import * as delegations from './delegations.js';
import * as domain from './domain.js';
import * as escalation from './escalation.js';
import * as engagement from './engagement.js';
import * as mailTest from './mail-test.js';
import * as login from './login.js';
import * as oauth2 from './oauth2.js';
import * as predefinedContent from './predefined-content.js';
import * as push from './push.js';
import * as profiles from './profiles.js';
import * as routing from './routing.js';
import * as routingRules from './routing-rules.js';
import * as statusReasons from './status-reasons.js';
import * as suggestions from './suggestions.js';
import * as supervision from './supervision.js';
import * as survey from './survey.js';
import * as visit from './visit.js';
import * as visitorData from './visitor-data.js';
import * as visitorIdentity from './visitor-identity.js';
import * as visitor from './visitor.js';
import * as workspacePages from './workspace-pages.js';

/** What can be said of a document without knowing its value. */
export type AnyDocument = Omit<DocumentType<unknown>, 'write'>;

function isDocument(value: unknown): value is AnyDocument {
  return typeof value === 'object' && value !== null && 'readXml' in value;
}

/** All documents by name. */
export const DOCUMENTS: ReadonlyMap<string, AnyDocument> = new Map(
  [
    accountSettings,
    agentSession,
    chat,
    collaboration,
    configuration,
    cannedTexts,
    delegations,
    domain,
    engagement,
    escalation,
    login,
    mailTest,
    oauth2,
    predefinedContent,
    profiles,
    push,
    routing,
    routingRules,
    statusReasons,
    suggestions,
    supervision,
    survey,
    visit,
    visitorData,
    visitorIdentity,
    visitor,
    workspacePages,
  ]
    .flatMap((module) => Object.values(module).filter(isDocument))
    .concat(errorDocumentType, bareErrorDocumentType)
    .map((document) => [document.name, document]),
);
