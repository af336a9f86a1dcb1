import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const PROGRAM = fileURLToPath(new URL('./tick-cost.mjs', import.meta.url));

it('a tick costs no more once the whole heap was collected', { timeout: 30_000 }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', PROGRAM, 'kept']);
  // Without it, four times as much.
  expect(Number(stdout)).toBeLessThan(2);
});
