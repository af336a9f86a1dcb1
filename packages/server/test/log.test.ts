import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createLog } from '../src/log.js';
import { reasonWithout } from '@parley/runtime/mail/reason';
import { at } from './harness.js';

it('[NAME3] a log entry is one line for every reader, and moves no terminal’s cursor', () => {
  const written: string[] = [];
  const log = createLog('info', { write: (line) => written.push(line) });
  const text = 'a\nb\u0085c\u2028d\u2029e\u001b[2Jf\u009bg\u202eh';
  log.info({ text }, text);
  log.error({ err: new Error(text) }, 'failed');
  expect(written).toHaveLength(2);
  for (const line of written) {
    expect(line.endsWith('\n')).toBe(true);
    expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\u2028\u2029\u202e]/u);
  }
  expect(JSON.parse(written[0] ?? '')).toMatchObject({ text, msg: text });
  expect(JSON.parse(written[1] ?? '')).toMatchObject({ err: { message: text } });
});

/** What the log says of an error. */
function logged(error: unknown): unknown {
  const written: string[] = [];
  createLog('info', { write: (line) => written.push(line) }).error({ err: error });
  return at(JSON.parse(written[0] ?? ''), 'err');
}

function caught(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('of errors that nobody here worded, the log says where, not what', () => {
  const SAID = '4111-is-my-card';

  it.each([
    ['the language', () => JSON.parse(`x${SAID}`)],
    ['the language, of names', () => new Intl.DateTimeFormat('en', { timeZone: SAID })],
    ['the platform, of arguments', () => Buffer.alloc(SAID as unknown as number)],
    ['a library', () => pino({ level: SAID })],
  ])('[SEC52] %s', (_, act) => {
    const error = caught(act);
    expect((error as Error).message).toContain('4111');
    const whole = logged(error);
    expect(JSON.stringify(whole)).not.toContain('4111');
    expect(at(whole, 'stack')).toMatch(/\n {4}at /);
  });

  it('[SEC52] a cause, a thrown text, a name and lines that look like places', () => {
    const cause = new SyntaxError(`Unexpected\n    at ${SAID}`);
    const whole = logged(Object.assign(new Error('failed', { cause }), { name: SAID, said: SAID }));
    expect(whole).toMatchObject({
      type: 'Error',
      message: 'failed',
      cause: { type: 'SyntaxError' },
    });
    expect(JSON.stringify([whole, logged(SAID), logged({ message: SAID })])).not.toContain('4111');
  });

  it('[SEC52] what the system refused is logged, and what names code alone', () => {
    expect(logged(caught(() => readFileSync('/nowhere/at/all')))).toMatchObject({
      message: expect.stringContaining('ENOENT'),
      code: 'ENOENT',
    });
    expect(logged(caught(() => (undefined as unknown as string).length))).toMatchObject({
      message: "Cannot read properties of undefined (reading 'length')",
    });
  });

  it('[SEC52] what a mail server says is logged without words of the mail and addresses', async () => {
    const said = '550 <vera@example.com>: no mailbox; refused "Kreditkarte 4111" for policy';
    expect(await reasonWithout(said, ['Meine Kreditkarte ist 4111'])).toBe(
      '550 <…>: no mailbox; refused "… …" for policy',
    );
  });
});
