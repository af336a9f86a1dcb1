/** The log, in the form that pino and its kin have. */

/** Fields first, then a sentence. `console` does too. */
export interface Log {
  debug(fields: object, message?: string): void;
  info(fields: object, message?: string): void;
  warn(fields: object, message?: string): void;
  error(fields: object, message?: string): void;
}

type Level = keyof Log;

/** A log with fields in each entry. */
export function withFields(log: Log, more: object): Log {
  const at = (level: Level) => (fields: object, message?: string) =>
    log[level]({ ...more, ...fields }, message);
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** One JSON object a line on stderr, from `info` on. */
export function jsonLog(): Log {
  const at = (level: Level) => (fields: object, message?: string) => {
    const entry = { time: new Date().toISOString(), level, msg: message, ...fields };
    process.stderr.write(`${JSON.stringify(entry)}\n`);
  };
  return { debug: () => {}, info: at('info'), warn: at('warn'), error: at('error') };
}

/** What a log says of an error. Never its own fields: those may hold anything. */
export function errorFields(error: unknown): object {
  if (!(error instanceof Error)) return { err: { message: String(error) } };
  const { name, message, stack, cause } = error;
  return { err: { name, message, stack, ...(cause ? { cause: String(cause) } : {}) } };
}
