/** A disk that refuses to be read: what is not known must not be taken for known. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { Disk, hasDisk } from './disk.js';

const program = fileURLToPath(new URL('unreadable.mjs', import.meta.url));

it.runIf(hasDisk())(
  '[STORE88, STORE89] a read that the disk refuses is an error, nothing is written in its place, and a log that cannot be emptied is reported',
  () => {
    // Such a name shows that the file is named as it must be.
    const folder = mkdtempSync(join(tmpdir(), 'parley %41 #1? ä-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const disk = new Disk(folder);
    const { stdout, stderr } = spawnSync(process.execPath, [program, disk.data, disk.weatherFile], {
      env: { PATH: process.env['PATH'] ?? '', ...disk.environment },
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      refused: expect.stringMatching(/^SQLITE_(IOERR|CORRUPT)/u),
      unread: expect.stringMatching(/^SQLITE_(IOERR|CORRUPT)/u),
      repaired: null,
      emptied: 1,
      sound: { integrity_check: 'ok' },
      rows: 500,
      heard: [
        expect.stringMatching(
          /^Emptying the log into the database failed: .*cannot be read: check the system log/u,
        ),
        null,
      ],
      isKept: true,
    });
  },
);
