/** `@parley/server`: starts Parley, and administers the accounts of a store. */

export { type Actor, Administration, type BotKeySecrets } from './config/administration.js';
export { AdministrationError } from './config/administration-error.js';
export { type NewUser, USER_ROLES } from './config/new-user.js';
export {
  DEMO_ACCOUNT,
  DEMO_BOT_CLIENT,
  DEMO_BOT_KEY,
  DEMO_PASSWORD,
  DEMO_USERS,
  DEMO_VISITOR_KEY,
  ensureDemo,
} from './demo.js';
export type { Server } from './server.js';
export { type RunningServer, startServer } from './start.js';
export { StartError } from './start-error.js';
export {
  DEFAULT_HOST,
  DEFAULT_HTTP_PORT,
  DEFAULT_HTTPS_PORT,
  isLoopback,
  LOG_LEVELS,
  type LogLevel,
  type LogStream,
  type StartOptions,
  type StartProgress,
} from './start-options.js';
export { type CertificateFinding, inspectCertificate } from './tls/inspect.js';
