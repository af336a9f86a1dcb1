import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newFolder, parley, post, serve } from './parley.js';

const FREE = ['--http-port', '0', '--https-port', '0'];
const ACCOUNT = '12345678';

describe('parley backup', { timeout: 60_000 }, () => {
  it('[CLI27] beside a server that writes, has all that was acknowledged, and can be served from', async () => {
    const folder = await newFolder();
    const data = join(folder, 'data');
    const { ready } = await serve(['--demo', '--data-dir', data, ...FREE]);
    const base = `${ready.http}/api/account/${ACCOUNT}`;
    const key = '?v=1&appKey=parley-demo-visitor-key';
    const asked = await post(`${base}/chat/request${key}`, { request: {} });
    const { chatLocation } = asked.body as { chatLocation: { link: { '@href': string } } };
    const chat = chatLocation.link['@href'];
    let said = 0;
    let writing = true;
    const writes = (async () => {
      while (writing) {
        const event = { '@type': 'line', text: `line ${said}` };
        const { status } = await post(`${chat}/events${key}`, { event });
        expect(status).toBe(201);
        said += 1;
      }
    })();
    await expect.poll(() => said, { timeout: 30_000, interval: 5 }).toBeGreaterThanOrEqual(20);
    const acknowledged = said;
    const target = join(folder, 'my backup');
    const { code, out, err } = await parley(['backup', target, '--data-dir', data]);
    writing = false;
    await writes;
    expect([code, out]).toEqual([0, expect.stringContaining('and checked')]);
    expect(out).toContain(`--data-dir '${target}'`);
    expect(err).toContain('Copied');
    expect(said).toBeGreaterThan(acknowledged);
    expect((await readdir(target)).sort()).toEqual(['parley.db', 'secret.key', 'tls']);
    for (const name of ['parley.db', 'secret.key', 'tls/key.pem']) {
      expect((await stat(join(target, name))).mode & 0o077).toBe(0);
    }

    const copy = await serve(['--data-dir', target, ...FREE]);
    const url = chat.replace(ready.http, copy.ready.http);
    const { events } = (await (await fetch(`${url}/events${key}`)).json()) as {
      events: { event: { text?: string }[] };
    };
    const lines = events.event.flatMap(({ text }) => (text?.startsWith('line ') ? [text] : []));
    expect(lines.length).toBeGreaterThanOrEqual(acknowledged);
    expect(lines).toEqual(lines.map((_, index) => `line ${index}`));
  });

  it('[CLI28] is never written over anything, and leaves nothing when it fails', async () => {
    const folder = await newFolder();
    const data = join(folder, 'data');
    const variables = { PARLEY_PASSWORD: 'a good passphrase' };
    await parley(['account', 'create', 'one', '--admin', 'boss', '--data-dir', data], variables);
    const taken = join(folder, 'taken');
    await mkdir(taken);
    const over = await parley(['backup', taken, '--data-dir', data]);
    expect([over.code, over.err]).toEqual([1, expect.stringContaining('exists already')]);
    const nowhere = await parley(['backup', join(folder, 'no', 'where'), '--data-dir', data]);
    expect([nowhere.code, nowhere.err]).toEqual([1, expect.stringContaining('ENOENT')]);
    const nothing = await parley(['backup', join(folder, 'b'), '--data-dir', join(folder, 'c')]);
    expect([nothing.code, nothing.err]).toEqual([1, expect.stringContaining('no Parley data')]);
    expect((await readdir(folder)).sort()).toEqual(['data', 'taken']);
  });
});
