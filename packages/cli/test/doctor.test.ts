import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openFilesFor } from '@parley/server';
import { checkDataDirectory, checkNode, checkOpenFiles } from '../src/doctor/machine.js';
import { newFolder, parley, serve } from './parley.js';

const FREE = ['--http-port', '0', '--https-port', '0'];

describe('parley doctor', { timeout: 60_000 }, () => {
  it('[CLI30] finds nothing wrong before the first start, and makes nothing', async () => {
    const folder = join(await newFolder(), 'data');
    const { code, out } = await parley(['doctor', '--data-dir', folder, ...FREE]);
    expect(code).toBe(0);
    expect(out).not.toMatch(/PROBLEM|WARNING/);
    for (const about of ['Node.js', 'Data directory', 'Disk space', 'Database', 'Certificate']) {
      expect(out).toContain(`ok       ${about}: `);
    }
    expect(existsSync(folder)).toBe(false);
  });

  it('[CLI31] reads all data beside a running server, and knows its ports', async () => {
    const folder = await newFolder();
    const { ready } = await serve(['--demo', '--data-dir', folder, ...FREE]);
    const ports = ['--http-port', `${ready.httpPort}`, '--https-port', `${ready.httpsPort}`];
    const { code, out } = await parley(['doctor', '--data-dir', folder, ...ports]);
    expect(code).toBe(0);
    expect(out).toMatch(/Database: 1 account, /);
    expect(out).toMatch(/HTTP port: .* held by a Parley server/);
    expect(out).toMatch(/HTTPS port: .* held by a Parley server/);
    expect(out).toMatch(/Certificate: for localhost.*8\d\d more days/);
  });

  it('[CLI35, START14] knows when fewer files may be open than connections need', () => {
    expect(checkOpenFiles(openFilesFor(16_000, 20_000))).toMatchObject({ state: 'good' });
    expect(checkOpenFiles(openFilesFor(16_000, 1_024))).toMatchObject({
      state: 'warning',
      found: '1024 (ulimit -n), room for 824 connections of 16000',
    });
    expect(openFilesFor(16_000, 1_024)?.shortage).toContain('raise it to 16200 or more');
    expect(openFilesFor(500, 1_024)).toEqual({ limit: 1_024, connections: 500, shortage: null });
  });

  it('[CLI32] tells what is wrong, what to do, and fails', async () => {
    const folder = await newFolder();
    await chmod(folder, 0o755);
    await writeFile(join(folder, 'parley.db'), 'this is no database, '.repeat(100));
    const holder = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const address = holder.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '';
    const tls = ['--tls-cert', join(folder, 'none.pem'), '--tls-key', join(folder, 'none.pem')];
    const args = ['--data-dir', folder, '--http-port', port, '--https-port', '0', ...tls];
    const { code, out, err } = await parley(['doctor', ...args]);
    holder.close();
    expect(code).toBe(1);
    expect(out).toMatch(/WARNING {2}Data directory: .*755\)\n +Run: chmod 700/);
    expect(out).toMatch(/PROBLEM {2}Database: .*\n +Stop the server/);
    expect(out).toMatch(/PROBLEM {2}Certificate: .*none\.pem/);
    expect(out).toMatch(new RegExp(`PROBLEM {2}HTTP port: ${port} .*\n.*--http-port`));
    expect(err).toBe('parley: 3 problems found; what to do stands below each.\n');
  });

  it('[CLI33] knows which Node is too old', () => {
    expect(checkNode('20.19.0').state).toBe('good');
    expect(checkNode('22.1.0').state).toBe('good');
    expect(checkNode('20.18.3')).toMatchObject({
      state: 'problem',
      found: expect.stringContaining('20.18.3'),
    });
  });

  it('[CLI33] knows a data directory that is a file', async () => {
    const folder = await newFolder();
    await mkdir(join(folder, 'inside'));
    const file = join(folder, 'file');
    await writeFile(file, '');
    expect(checkDataDirectory(file)).toMatchObject([{ state: 'problem' }]);
    expect(checkDataDirectory(join(folder, 'inside')).map(({ state }) => state)).toContain('good');
  });
});

describe('parley', () => {
  it('[CLI34] tells its version and its commands', async () => {
    expect((await parley(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    const { out } = await parley(['--help']);
    for (const name of ['serve', 'account', 'user', 'skill', 'reason', 'key', 'doctor']) {
      expect(out).toContain(`  ${name}`);
    }
  });
});
