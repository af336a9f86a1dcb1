import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { newFolder, parley, serve } from './parley.js';

const TOKEN = 'a-token-of-the-operator';
const PORTS = ['--http-port', '0', '--https-port', 'off'];

it('[METRIC13] the token comes from a file or the environment', { timeout: 60_000 }, async () => {
  const file = join(await newFolder(), 'token');
  await writeFile(file, `${TOKEN}\n`);
  const data = ['--data-dir', await newFolder()];
  const named = ['--metrics-token-file', file];
  const twice = await parley(['serve', ...named, ...PORTS, ...data], {
    PARLEY_METRICS_TOKEN: TOKEN,
  });
  expect([twice.code, twice.err]).toEqual([1, expect.stringContaining('given twice')]);
  expect(twice.err).not.toContain(TOKEN);
  const missing = await parley(['serve', '--metrics-token-file', `${file}x`, ...PORTS, ...data]);
  expect([missing.code, missing.err]).toEqual([1, expect.stringContaining('cannot be read')]);

  const { ready } = await serve([...named, ...PORTS, ...data]);
  const ask = async (authorization: string) =>
    (await fetch(`${ready.http}/metrics`, { headers: { authorization } })).status;
  expect([await ask(`Bearer ${TOKEN}`), await ask('Bearer another')]).toEqual([200, 401]);
});
