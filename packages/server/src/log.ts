/**
 * The log: one JSON object per line. The HTTP library has none, for it would do something about it
 * with every request, where only failures are logged.
 */
import { visibleLines } from '@parley/protocol';
import { type Logger, pino } from 'pino';
import type { LogLevel } from './defaults.js';

/** Takes log lines, each with its line end. */
export interface LogStream {
  write(line: string): void;
}

/** Takes facts and a message, by how serious it is. Never a secret, a path or a query. */
export type Log = Pick<Logger, 'info' | 'warn' | 'error'>;

/** What makes a chat's id the visitor's key to it: errors of the rules name chats by their id. */
const SECRET_OF_CHAT = /(?<=H\d{1,19}-)[0-9a-f]{32}(?=K\d)/g;

const ELSEWHERE = '…';

function masked(text: string): string {
  return text.replace(SECRET_OF_CHAT, ELSEWHERE);
}

/**
 * Errors of the language and of the platform quote what they fell over: `Unexpected token`, `Invalid
 * time zone`, `Received type string ('…')`.
 */
const MAY_HOLD_DATA = [TypeError, RangeError, SyntaxError, ReferenceError, URIError, EvalError];

/** Whether it was thrown by a library or the platform: nobody here chose the words of its message. */
const THROWN_ELSEWHERE = /^\s+at .*(?:node:|node_modules\/(?!@parley\/))/;

/** Those of their messages that name nothing but code. */
const NAMES_CODE_ONLY =
  /^(?:Cannot (?:read|set) properties of (?:undefined|null)(?: \([a-z]+ '[\w$#]{1,40}'\))?|Invalid string length|Maximum call stack size exceeded|Invalid array length|Array buffer allocation failed)$/;

const HELD_BACK = 'not logged: it may hold what was said';

/** Causes of causes that are logged. */
const MAX_CAUSES = 3;

/** What went wrong, and where; neither what it fell over nor what else an error may carry along. */
function loggable(error: unknown, causes = MAX_CAUSES): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { message: HELD_BACK };
  const { constructor: kind, message, stack = '', cause } = error;
  // A message may look like places.
  const behind = stack.slice(stack.indexOf(message) + message.length);
  const places = behind.split('\n').filter((line) => /^\s+at /.test(line));
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const holdsData = mayHoldData(error, places[0] ?? '') && !NAMES_CODE_ONLY.test(message);
  const words = holdsData ? HELD_BACK : masked(message);
  return {
    type: kind.name,
    message: words,
    stack: masked([`${kind.name}: ${words}`, ...places].join('\n')),
    ...code,
    ...(cause === undefined || causes === 0 ? {} : { cause: loggable(cause, causes - 1) }),
  };
}

function mayHoldData(error: Error, thrownAt: string): boolean {
  // A call of the system that failed gives its name, a path or an address.
  if ('syscall' in error) return false;
  return MAY_HOLD_DATA.some((kind) => error instanceof kind) || THROWN_ELSEWHERE.test(thrownAt);
}

/** @param level the least serious lines that are written */
export function createLog(level: LogLevel, stream: LogStream): Log {
  // JSON leaves characters alone at which some readers of logs break a line.
  const write = (line: string) => stream.write(visibleLines(line));
  return pino({ level, serializers: { err: (error: unknown) => loggable(error) } }, { write });
}
