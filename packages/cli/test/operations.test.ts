/** The commands that docs/operations.md prints, as printed, in the order in which they stand there. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { newFolder, PROGRAM } from './parley.js';

const DOCUMENT = new URL('../../../docs/operations.md', import.meta.url);
const UNIT = new URL('../../../docs/service/parley.service', import.meta.url);

it('[OPS1] every command of docs/operations.md that can run here does', async () => {
  const folder = await newFolder();
  const text = readFileSync(DOCUMENT, 'utf8');
  const commands = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
    block.trim().split('\n'),
  );
  expect(commands.length).toBeGreaterThan(10);
  // `parley` as a function: what stands in the document is run to the letter.
  const parley = `parley() { '${process.execPath}' '${PROGRAM}' "$@"; }; `;
  for (const command of commands) {
    const { status, stderr } = spawnSync(
      'bash',
      ['-eu', '-o', 'pipefail', '-c', parley + command],
      {
        cwd: folder,
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], PARLEY_PASSWORD: 'correct horse battery staple' },
      },
    );
    expect([command, status, status === 0 ? '' : stderr]).toEqual([command, 0, '']);
  }
}, 120_000);

it('[OPS2] the unit for systemd starts the command that there is, with options that there are', () => {
  const unit = readFileSync(UNIT, 'utf8');
  const settings = unit.split('\n').filter((line) => line !== '' && !/^[#[]/.test(line));
  for (const line of settings) expect(line).toMatch(/^[A-Z][A-Za-z]+=.*$/);
  const exec = /^ExecStart=\/usr\/bin\/env node (\S+) (.*)$/m.exec(unit);
  expect(exec?.[1]).toBe('/opt/parley/packages/cli/bin/parley.js');
  const help = spawnSync(process.execPath, [PROGRAM, 'serve', '--help'], { encoding: 'utf8' });
  expect(help.status).toBe(0);
  // systemd's own word, where it is there: unknown settings and values are complaints.
  const verified = spawnSync('systemd-analyze', ['verify', UNIT.pathname], { encoding: 'utf8' });
  if (verified.error === undefined) {
    expect([verified.status, verified.stderr]).toEqual([0, '']);
  }
  for (const [, variable = ''] of unit.matchAll(/\b(PARLEY_[A-Z_]+)=/g)) {
    expect(help.stdout).toContain(variable);
  }
});
