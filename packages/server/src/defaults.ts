/**
 * `@parley/server/defaults`: what a server uses when it is not configured otherwise. Apart from the rest,
 * so that a command line can show it without loading a server.
 */

export { USER_COLUMNS, USER_ROLES } from '@parley/configuration/user-table-columns';
export { isLoopback } from '@parley/runtime/outgoing/loopback';

export const DEFAULT_HOST = '127.0.0.1';
export const DEFAULT_HTTP_PORT = 8080;
export const DEFAULT_HTTPS_PORT = 8443;

export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Variable of the environment that holds the key which secrets are sealed with, 64 hex digits. */
export const SECRET_KEY_VARIABLE = 'PARLEY_SECRET_KEY';

/** Variable of the environment that holds the token of those who read the metrics. */
export const METRICS_TOKEN_VARIABLE = 'PARLEY_METRICS_TOKEN';
