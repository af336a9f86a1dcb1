/** Power that is cut right after a first start: what was made then is on the disk, or made anew. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { call, DEMO_ACCOUNT } from '../harness.js';
import { DEMO_BOT_CLIENT } from '../../src/index.js';
import { Disk, hasDisk } from './disk/disk.js';
import { ServerProcess } from './process/server-process.js';
import { Random } from './random.js';

let folder: string | null = null;
let server: ServerProcess | null = null;

afterEach(async () => {
  await server?.end('SIGKILL');
  if (folder !== null) await rm(folder, { recursive: true, force: true });
});

describe.runIf(hasDisk())('a first start', () => {
  it('[DUR4] survives a power cut: the next start needs no help, and bots log in', async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-first-'));
    const disk = new Disk(folder);
    server = new ServerProcess(disk.data, { disk }).begin();
    const base = `${await server.ready}/api/account/${DEMO_ACCOUNT}`;
    const { username, appKey, secret } = DEMO_BOT_CLIENT;
    const body = { username, appKey, secret, accessToken: 'none', accessTokenSecret: 'none' };
    expect((await call('POST', `${base}/login?v=1.3`, { body })).status).toBe(200);
    const authority = join(disk.data, 'tls', 'ca.pem');
    const trusted = await readFile(authority, 'utf8');
    await server.end('SIGKILL');
    const lost = disk.cutPower(new Random(1), 'nothing');
    server = new ServerProcess(disk.data, { disk }).begin();
    const again = `${await server.ready}/api/account/${DEMO_ACCOUNT}`;
    const files = await readdir(disk.data);
    expect(await readFile(authority, 'utf8'), 'what people trust').toBe(trusted);
    const reply = await call('POST', `${again}/login?v=1.3`, { body });
    expect(reply.status, JSON.stringify({ lost, files })).toBe(200);
  });
});
