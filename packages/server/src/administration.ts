/**
 * `@parley/server/administration`: administers the accounts of a store. Apart from the rest, so that
 * a command that makes a user does not load a server.
 */

export { type Actor, Administration, type BotKeySecrets } from './config/administration.js';
export { AdministrationError } from './config/administration-error.js';
export type { NewUser } from './config/new-user.js';
