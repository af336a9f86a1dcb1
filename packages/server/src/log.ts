/**
 * The log: one JSON object per line. The HTTP library has none, for it would do something about it
 * with every request, where only failures are logged.
 */
import { visibleLines } from '@parley/protocol';
import { type Logger, pino, stdSerializers } from 'pino';
import type { LogLevel } from './defaults.js';
import type { LogStream } from './start-options.js';

/** Takes facts and a message, by how serious it is. Never a secret, a path or a query. */
export type Log = Pick<Logger, 'info' | 'warn' | 'error'>;

/** What makes a chat's id the visitor's key to it: errors of the rules name chats by their id. */
const SECRET_OF_CHAT = /(?<=H\d{1,19}-)[0-9a-f]{32}(?=K\d)/g;

const ELSEWHERE = '…';

function masked(text: string): string {
  return text.replace(SECRET_OF_CHAT, ELSEWHERE);
}

/** What went wrong, and where; not what else an error may carry along. */
function told(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { message: masked(String(error)) };
  const { type, message, stack, code } = stdSerializers.err(error);
  const known = typeof code === 'string' ? { code } : {};
  return { type, message: masked(message), stack: masked(stack), ...known };
}

/** @param level the least serious lines that are written */
export function createLog(level: LogLevel, stream: LogStream): Log {
  // JSON leaves characters alone at which some readers of logs break a line.
  const write = (line: string) => stream.write(visibleLines(line));
  return pino({ level, serializers: { err: told } }, { write });
}
