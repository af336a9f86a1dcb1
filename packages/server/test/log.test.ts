import { expect, it } from 'vitest';
import { createLog } from '../src/log.js';

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
