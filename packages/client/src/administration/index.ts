/** `@parley/client/administration`: the configuration of an account. */
import { Administration, type AdministrationOptions } from './administration.js';

/**
 * Logs an administrator in.
 * @throws LoginError for a credential that is not accepted; UnreachableError for a certificate that is not
 * trusted; the signal's reason. If no server answers, the call waits for one.
 */
export function connectAdministration(options: AdministrationOptions): Promise<Administration> {
  return Administration.connect(options);
}

export type {
  Administration,
  AdministrationOptions,
  AppKeySecrets,
  AuditEntry,
} from './administration.js';
export type {
  ConfiguredAppKey,
  ConfiguredSettings,
  ConfiguredSurvey,
  MailTestDocument,
  SettingsChange,
  WorkspacePagesDocument,
} from '@parley/protocol/types';
export type {
  SupervisedAgent,
  SupervisedChat,
  SupervisedSkill,
  SupervisionFigures,
} from '@parley/protocol/types';
export type { AgentFilter, Board, Supervision, SupervisionFilter } from './supervision.js';
export type { ChangeOptions, Collection, Listed, ListOptions, Stored } from './collection.js';
export {
  EndedError,
  LoginError,
  ParleyError,
  RefusedError,
  UnexpectedAnswerError,
  UnreachableError,
} from '../core/errors.js';
export type { Clock } from '../core/clock.js';
export type { ErrorFacts } from '../core/errors.js';
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
