/**
 * The log: one JSON object per line. The HTTP library has none, for it would do something about it
 * with every request, where only failures are logged.
 */
import { type Logger, pino } from 'pino';
import type { LogLevel } from './defaults.js';
import type { LogStream } from './start-options.js';

/** Takes facts and a message, by how serious it is. Never a secret, a path or a query. */
export type Log = Pick<Logger, 'info' | 'warn' | 'error'>;

/** @param level the least serious lines that are written */
export function createLog(level: LogLevel, stream: LogStream): Log {
  return pino({ level }, stream);
}
