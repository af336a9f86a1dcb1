/** `@parley/server`: starts Parley. Administration and defaults are subpaths of their own. */

export { systemClock, type Clock } from '@parley/runtime/clock/clock';
export type { LogLevel } from './defaults.js';
export {
  DEMO_ACCOUNT,
  DEMO_BOT_CLIENT,
  DEMO_BOT_KEY,
  DEMO_PASSWORD,
  DEMO_USERS,
  DEMO_VISITOR_KEY,
  ensureDemo,
} from './demo.js';
export { DEFAULT_CONNECTION_LIMITS } from './http/listeners.js';
export { type OpenFiles, openFilesFor } from './http/open-files.js';
export type { Server } from './server.js';
export { type RunningServer, startServer } from './start.js';
export { StartError } from './start-error.js';
export type { LogStream } from './log.js';
export type { Embedded, StartOptions, StartProgress } from './start-options.js';
export { type CertificateFinding, inspectCertificate } from './tls/inspect.js';
