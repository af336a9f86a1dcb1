/**
 * `@parley/server/administration`: administers the accounts of a store. Apart from the rest, so that
 * a command that makes a user does not load a server.
 */

export { type Examination, examine } from '@parley/runtime/integrity/examine';
export {
  type CheckProgress,
  examineDatabase,
} from '@parley/runtime/integrity/examine-database';
export { type Finding, good, problem, warning } from '@parley/runtime/integrity/finding';
export { planRecovery, type RecoveryPlan } from '@parley/runtime/integrity/recovery';
export {
  findRecordedChat,
  type RecordedChat,
  type RecordedEvent,
} from '@parley/runtime/retention/recorded-chat';
export type { BotKeySecrets } from '@parley/configuration/secrets/app-key-secrets';
export { openSecretBox, secretKeySource } from './auth/secret-key.js';
export {
  type Actor,
  Administration,
  type ReasonInput,
  type SkillInput,
} from '@parley/runtime/administration';
export {
  readUserTable,
  type TableRow,
  type UserRow,
} from '@parley/configuration/changes/user-table';
export { AdministrationError } from '@parley/configuration/administration-error';
export type { UserInput } from '@parley/configuration/records/named';
