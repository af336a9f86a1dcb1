import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newFolder, parley, serve } from './parley.js';

const PASSWORD = { PARLEY_PASSWORD: 'a good password' };
const KEY = 'ab'.repeat(32);
const PORTS = ['--http-port', '0', '--https-port', 'off'];

describe('the secret key', { timeout: 60_000 }, () => {
  it('[CLI40] comes from a file or the environment, the same for commands and the server', async () => {
    const folder = await newFolder();
    const file = join(await newFolder(), 'secret');
    await writeFile(file, `${KEY}\n`);
    const data = ['--data-dir', folder];
    await parley(['account', 'create', 'shop', '--admin', 'boss', ...data], PASSWORD);
    const create = ['key', 'create', 'shop', '--kind', 'bot', '--user', 'boss', ...data];
    const made = await parley([...create, '--secret-key-file', file]);
    expect([made.code, made.err]).toEqual([0, expect.stringContaining('Keep these now')]);
    expect(await readdir(folder)).not.toContain('secret.key');

    const other = await parley(create);
    expect([other.code, other.out]).toEqual([1, '']);
    expect(other.err).toMatch(
      /^parley: The secret key here is another one .*--secret-key-file.*\n$/,
    );
    const refused = await parley(['serve', '--json', ...PORTS, ...data]);
    expect([refused.code, refused.out]).toEqual([1, '']);
    expect(refused.err).toMatch(/parley: The secret key is another one .*\n$/);
    const twice = await parley(['serve', '--secret-key-file', file, ...PORTS, ...data], {
      PARLEY_SECRET_KEY: KEY,
    });
    expect([twice.code, twice.err]).toEqual([1, expect.stringContaining('given twice')]);
    expect(twice.err).not.toContain(KEY);

    const { ready } = await serve([...PORTS, ...data], { PARLEY_SECRET_KEY: KEY });
    expect(ready.ready).toBe(true);
  });
});
