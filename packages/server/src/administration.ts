/**
 * `@parley/server/administration`: administers the accounts of a store. Apart from the rest, so that
 * a command that makes a user does not load a server.
 */

export { type Examination, examine } from './account/examine.js';
export { planRecovery, type RecoveryPlan } from './account/recovery.js';
export type { BotKeySecrets } from './auth/app-key-secrets.js';
export { openSecretBox, secretKeySource } from './auth/secret-key.js';
export {
  type Actor,
  Administration,
  type ReasonInput,
  type SkillInput,
} from './config/administration.js';
export { readUserTable, type TableRow, type UserRow } from './configuration/user-table.js';
export { AdministrationError } from './config/administration-error.js';
export type { UserInput } from './config/named.js';
