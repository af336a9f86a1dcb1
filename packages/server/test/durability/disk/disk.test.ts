/** That the disk forgets what it may forget, and nothing else: without this, nothing is proved by it. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Random } from '../random.js';
import { Disk, FINE, hasDisk } from './disk.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newDisk(lies = false): Disk {
  const folder = mkdtempSync(join(tmpdir(), 'parley-disk-'));
  folders.push(folder);
  return new Disk(folder, lies);
}

/** Runs a program whose current folder is on the disk, which ends as by a kill; gives what it printed. */
function run(disk: Disk, program: string): string {
  const before = `const fs = require('node:fs'); const { Buffer } = require('node:buffer');
    const sync = (name) => { const fd = fs.openSync(name, 'r'); fs.fsyncSync(fd); fs.closeSync(fd); };`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', before + program], {
    cwd: disk.data,
    env: { PATH: process.env['PATH'] ?? '', ...disk.environment },
    encoding: 'utf8',
  });
  if (stderr !== '') throw new Error(stderr);
  return stdout;
}

const random = new Random(1);

describe.runIf(hasDisk())('a disk whose power is cut', () => {
  const read = (disk: Disk, name: string) => readFileSync(join(disk.data, name), 'utf8');

  it('keeps what was synced, file and entry, and forgets the rest', () => {
    const disk = newDisk();
    run(
      disk,
      `fs.writeFileSync('a', 'synced'); sync('a'); fs.writeFileSync('b', 'no entry'); sync('b');
       sync('.'); fs.writeFileSync('c', 'nothing'); fs.appendFileSync('a', ' and more');
       fs.writeFileSync('b', 'over'); fs.truncateSync('a', 3); fs.unlinkSync('b');`,
    );
    expect(readdirSync(disk.data).sort()).toEqual(['a', 'c']);
    disk.cutPower(random, 'nothing');
    expect(readdirSync(disk.data).sort()).toEqual(['a', 'b']);
    expect([read(disk, 'a'), read(disk, 'b')]).toEqual(['synced', 'no entry']);
  });

  it('keeps everything when it may', () => {
    const disk = newDisk();
    run(disk, `fs.writeFileSync('a', 'abc'); fs.renameSync('a', 'b'); fs.appendFileSync('b', 'd')`);
    disk.cutPower(random, 'everything');
    expect([readdirSync(disk.data), read(disk, 'b')]).toEqual([['b'], 'abcd']);
  });

  it('undoes renames with what they replaced', () => {
    const disk = newDisk();
    run(
      disk,
      `fs.writeFileSync('a', 'old'); sync('a'); fs.writeFileSync('b', 'new'); sync('b'); sync('.');
       fs.renameSync('b', 'a');`,
    );
    expect(read(disk, 'a')).toBe('new');
    disk.cutPower(random, 'nothing');
    expect([read(disk, 'a'), read(disk, 'b')]).toEqual(['old', 'new']);
  });

  it('tears what is unsynced by sectors, in any order', () => {
    const disk = newDisk();
    run(
      disk,
      `for (let n = 0; n < 40; n += 1) {
         fs.writeFileSync('f' + n, 'o'.repeat(2048)); sync('f' + n); sync('.');
         const fd = fs.openSync('f' + n, 'r+');
         fs.writeSync(fd, 'n'.repeat(1024), 0); fs.writeSync(fd, 'm'.repeat(1024), 1024);
       }`,
    );
    disk.cutPower(random, 'any of it');
    const seen = new Set<string>();
    for (let n = 0; n < 40; n += 1) {
      const found = read(disk, `f${n}`);
      expect(found).toHaveLength(2048);
      seen.add(found.replaceAll(/(.)\1{511}/g, '$1'));
    }
    expect([...seen].every((found) => /^[on]{2}[om]{2}$/.test(found))).toBe(true);
    expect(seen.size).toBeGreaterThan(6);
    expect([...seen].some((found) => /^oo.*m/.test(found))).toBe(true);
  });

  it('has what was cut off a file whole or not at all, also of a file that is removed then', () => {
    const disk = newDisk();
    run(
      disk,
      `for (let n = 0; n < 40; n += 1) {
         fs.writeFileSync('f' + n, 'o'.repeat(2048)); sync('f' + n); sync('.');
         fs.truncateSync('f' + n, 0);
         if (n % 2 === 0) fs.unlinkSync('f' + n);
       }`,
    );
    disk.cutPower(random, 'any of it');
    const found = readdirSync(disk.data).map((name) => read(disk, name));
    expect(new Set(found)).toEqual(new Set(['', 'o'.repeat(2048)]));
  });

  it('has what is written after a cut only with the cut', () => {
    const disk = newDisk();
    run(
      disk,
      `for (let n = 0; n < 40; n += 1) {
         fs.writeFileSync('f' + n, 'o'.repeat(1024)); sync('f' + n); sync('.');
         fs.truncateSync('f' + n, 0); fs.appendFileSync('f' + n, 'n'.repeat(512));
       }`,
    );
    disk.cutPower(random, 'any of it');
    const found = new Set(readdirSync(disk.data).map((name) => read(disk, name)));
    // Room for what was appended may be there before it is.
    const possible = ['o'.repeat(1024), '', '\0'.repeat(512), 'n'.repeat(512)];
    expect(found).toEqual(new Set(possible));
  });

  it('may lie about syncs', () => {
    const disk = newDisk(true);
    run(disk, `fs.writeFileSync('a', 'synced'); sync('a'); sync('.');`);
    disk.cutPower(random, 'nothing');
    expect(existsSync(join(disk.data, 'a'))).toBe(false);
  });

  it('fails for a process, too, that was there before its power was cut', async () => {
    const disk = newDisk();
    const program = `console.log('waits');
      process.stdin.once('data', () => {
        try { require('node:fs').writeFileSync('a', 'x'); } catch ({ code }) { console.log(code); }
        process.exit();
      });`;
    const child = spawn(process.execPath, ['-e', program], {
      cwd: disk.data,
      env: { PATH: process.env['PATH'] ?? '', ...disk.environment },
    });
    child.stdout.setEncoding('utf8');
    await once(child.stdout, 'data');
    disk.cutPower(random);
    disk.weather({ ...FINE, writes: 1_000_000 });
    child.stdin.write('go');
    expect(await once(child.stdout, 'data')).toEqual(['ENOSPC\n']);
  });

  it('keeps what was written and synced again after a sync that failed, and room for it', () => {
    const disk = newDisk();
    const weather = (syncs: number) =>
      `fs.writeFileSync(${JSON.stringify(disk.weatherFile)}, Uint32Array.of(0, ${syncs}, 0, 0), { flag: 'r+' });`;
    run(
      disk,
      `for (let n = 0; n < 20; n += 1) {
         fs.writeFileSync('f' + n, 'o'.repeat(4096)); sync('.');
         ${weather(1_000_000)} try { sync('f' + n); } catch {} ${weather(0)}
         fs.writeSync(fs.openSync('f' + n, 'r+'), 'n'.repeat(4096)); sync('f' + n);
       }`,
    );
    disk.cutPower(random, 'any of it');
    const found = new Set(readdirSync(disk.data).map((name) => read(disk, name)));
    expect(found).toEqual(new Set(['n'.repeat(4096)]));
  });

  it('fails writes, syncs, openings and reads', () => {
    const disk = newDisk();
    run(disk, `fs.writeFileSync('a', 'synced'); sync('a'); sync('.');`);
    const attempt = (what: string) => `try { ${what} } catch ({ code }) { console.log(code) };`;
    disk.weather({ ...FINE, writes: 1_000_000 });
    expect(run(disk, attempt(`fs.appendFileSync('a', 'x')`))).toBe('ENOSPC\n');
    disk.weather({ ...FINE, reads: 1_000_000 });
    expect(run(disk, attempt(`fs.readFileSync('a')`))).toBe('EIO\n');
    disk.weather({ ...FINE, openings: 1_000_000 });
    expect(run(disk, attempt(`fs.openSync('b', 'w')`))).toBe('EIO\n');
    // What a failed sync did not write is not written by the next one either.
    const goodAgain = `fs.writeFileSync(${JSON.stringify(disk.weatherFile)}, Buffer.alloc(16), { flag: 'r+' });`;
    disk.weather({ ...FINE, syncs: 1_000_000 });
    const printed = run(
      disk,
      `fs.appendFileSync('a', 'y');${attempt(`sync('a')`)}${goodAgain} sync('a'); fs.appendFileSync('a', 'z');`,
    );
    expect([printed, read(disk, 'a')]).toEqual(['EIO\n', 'syncedyz']);
    disk.cutPower(random, 'nothing');
    expect(read(disk, 'a')).toBe('synced');
  });
});
