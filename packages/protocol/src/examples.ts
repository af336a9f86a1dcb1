/**
 * `@parley/protocol/examples`: an example of each document, beside the documents and held to their types;
 * the API description shows them.
 */
import { AGENT_ANSWERS, AGENT_BODIES } from './documents/examples/agent.js';
import { COLLABORATION_ANSWERS, COLLABORATION_BODIES } from './documents/examples/collaboration.js';
import {
  WORKSPACE_PAGES_ANSWERS,
  WORKSPACE_PAGES_BODIES,
} from './documents/examples/workspace-pages.js';
import { CONFIGURATION_ANSWERS, CONFIGURATION_BODIES } from './documents/examples/configuration.js';
import { DELEGATION_ANSWERS, DELEGATION_BODIES } from './documents/examples/delegations.js';
import { ENGAGEMENT_ANSWERS, ENGAGEMENT_BODIES } from './documents/examples/engagement.js';
import type { AnswerExample, BodyExample } from './documents/examples/example.js';
import { LOGIN_ANSWERS, LOGIN_BODIES } from './documents/examples/login.js';
import { SUGGESTION_ANSWERS, SUGGESTION_BODIES } from './documents/examples/suggestions.js';
import { SUPERVISION_ANSWERS, SUPERVISION_BODIES } from './documents/examples/supervision.js';
import { USERS_ANSWERS, USERS_BODIES } from './documents/examples/users.js';
import { VISITOR_ANSWERS, VISITOR_BODIES } from './documents/examples/visitor.js';

export type { AnswerExample, BodyExample } from './documents/examples/example.js';
export { ACCOUNT } from './documents/examples/values.js';
export { EXAMPLE_TOKEN } from './documents/examples/visitor.js';

/** Answers, one or more of each document. */
export const ANSWER_EXAMPLES: readonly AnswerExample[] = [
  ...LOGIN_ANSWERS,
  ...AGENT_ANSWERS,
  ...COLLABORATION_ANSWERS,
  ...SUGGESTION_ANSWERS,
  ...DELEGATION_ANSWERS,
  ...VISITOR_ANSWERS,
  ...ENGAGEMENT_ANSWERS,
  ...USERS_ANSWERS,
  ...CONFIGURATION_ANSWERS,
  ...WORKSPACE_PAGES_ANSWERS,
  ...SUPERVISION_ANSWERS,
];

/** Bodies as clients send them. */
export const BODY_EXAMPLES: readonly BodyExample[] = [
  ...LOGIN_BODIES,
  ...AGENT_BODIES,
  ...COLLABORATION_BODIES,
  ...SUGGESTION_BODIES,
  ...DELEGATION_BODIES,
  ...VISITOR_BODIES,
  ...ENGAGEMENT_BODIES,
  ...USERS_BODIES,
  ...CONFIGURATION_BODIES,
  ...WORKSPACE_PAGES_BODIES,
  ...SUPERVISION_BODIES,
];
