import { existsSync, statSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openFilesFor } from '@parley/server';
import { checkDataDirectory } from '../src/doctor/data-folder.js';
import { checkNode, checkOpenFiles } from '../src/doctor/machine.js';
import { newFolder, parley, PROGRAM, serve, Started } from './parley.js';

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

  it('[CLI32] says what is wrong, what to do, and fails', async () => {
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

describe('a data directory in which nobody can work', () => {
  const USES = [
    ['serve', '--http-port', '0', '--https-port', '0'],
    ['account', 'create', 'acme', '--admin', 'ann'],
  ];

  it.each(USES)('[CLI43] is reported in the doctor’s words at once: parley %s', async (...args) => {
    const folder = await newFolder();
    const file = join(folder, 'file');
    await writeFile(file, '');
    const variables = { PARLEY_PASSWORD: 'quiet harbour at 6' };
    const printed = async (dataDir: string) => {
      const { code, out, err } = await parley([...args, '--data-dir', dataDir], variables);
      expect([code, out]).toEqual([1, '']);
      return err;
    };
    expect(await printed(file)).toBe(
      `parley: Data directory: ${file} is not a folder. Choose another folder with --data-dir.\n`,
    );
    const below = join(file, 'data');
    expect(await printed(below)).toBe(
      `parley: Data directory: ${below} is not there, and ${file} is not a folder. Choose another folder with --data-dir.\n`,
    );
    // Nothing can be made there, by nobody; asked to make folders above too, Node tries for ever.
    if (process.platform !== 'linux') return;
    expect(await printed('/proc/parley/data')).toContain(
      'cannot be made there: choose another one',
    );
  });

  it('[CLI43] because another user owns it, or its files', async (context) => {
    const nobody = 65_534;
    const superuser = process.getuid?.() === 0;
    if (superuser && !seenByOthers(PROGRAM)) {
      const why = `other users may not read ${PROGRAM}: nobody else can run it`;
      console.warn(`!!! Not tested: ${why}`);
      context.skip(why);
    }
    const folder = await newFolder();
    await chmod(folder, 0o755);
    const dataDir = join(folder, 'data');
    await mkdir(dataDir, { mode: 0o755 });
    const serve = ['serve', '--http-port', '0', '--https-port', '0', '--data-dir', dataDir];
    // The superuser may do anything anywhere, so somebody else looks.
    const printed = async () => {
      const user = superuser ? { uid: nobody, gid: nobody } : {};
      const started = new Started(process.execPath, [PROGRAM, ...serve], {}, folder, user);
      return (await started.ended).err;
    };
    if (!superuser) await chmod(dataDir, 0o500);
    expect(await printed()).toBe(
      `parley: Data directory: ${dataDir} may not be read and written by this user. Run Parley as the user who owns it, or give it to this user with chown.\n`,
    );
    await chmod(dataDir, 0o777);
    const database = join(dataDir, 'parley.db');
    await writeFile(database, '', { mode: superuser ? 0o600 : 0o400 });
    expect(await printed()).toContain(`Data directory: ${database} may not be read and written`);
  });
});

/** Whether every user may read a file and the folders above it. */
function seenByOthers(file: string): boolean {
  if ((statSync(file).mode & 0o004) === 0) return false;
  for (let at = dirname(file); at !== dirname(at); at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
  }
  return true;
}

describe('parley', () => {
  it('[CLI34] prints its version and its commands', async () => {
    expect((await parley(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    const { out } = await parley(['--help']);
    for (const name of ['serve', 'account', 'user', 'skill', 'reason', 'key', 'doctor']) {
      expect(out).toContain(`  ${name}`);
    }
  });
});
