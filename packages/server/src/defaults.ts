/**
 * `@parley/server/defaults`: what a server uses when it is not told otherwise. Apart from the rest,
 * so that a command line can show it without loading a server.
 */

export const DEFAULT_HOST = '127.0.0.1';
export const DEFAULT_HTTP_PORT = 8080;
export const DEFAULT_HTTPS_PORT = 8443;

export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Variable of the environment that holds the key which secrets are sealed with, 64 hex digits. */
export const SECRET_KEY_VARIABLE = 'PARLEY_SECRET_KEY';

/** What a user may be. */
export const USER_ROLES = ['agent', 'manager', 'administrator'] as const;

/** Whether an address is reachable from this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

/** Columns of a table of users to be made; only the first is needed. */
export const USER_COLUMNS = [
  ...['loginName', 'fullName', 'nickname', 'email', 'roles', 'skills', 'group'],
  ...['maxChats', 'password'],
] as const;
