/** `parley bot new`, walked to its end as its author would. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChat } from '@parley/client/visitor';
import { expect, it, onTestFinished, vi } from 'vitest';
import { newFolder, parleyHere, serve } from './parley.js';

/** Runs npm in a folder, in a process group of its own. */
function npm(folder: string, args: readonly string[], variables = {}) {
  const { PATH, HOME } = process.env;
  const child = spawn('npm', args, {
    ...{ cwd: folder, detached: true, env: { PATH, HOME, ...variables } },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  /** What Ctrl-C is. */
  const interrupt = () => process.kill(-(child.pid ?? 0), 'SIGINT');
  onTestFinished(() => {
    if (child.exitCode === null && child.signalCode === null)
      process.kill(-(child.pid ?? 0), 'SIGKILL');
  });
  return { ended, interrupt, output: () => output };
}

it('[BOT61] parley bot new makes a bot that is installed, passes its test, and works in the demo', {
  timeout: 90_000,
}, async () => {
  const folder = join(await newFolder(), 'my-bot');
  const made = await parleyHere(['bot', 'new', folder]);
  expect(made).toMatchObject({ code: 0, err: '' });
  expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toContain('node_modules');
  // Nothing of it comes from a registry.
  const install = npm(folder, ['install', '--offline', '--no-audit', '--no-fund']);
  expect(await install.ended, install.output()).toBe(0);
  const test = npm(folder, ['test']);
  expect(await test.ended, test.output()).toBe(0);
  expect(test.output()).toMatch(/pass 1\n/);

  const { ready } = await serve([
    ...['--demo', '--no-ui', '--data-dir', await newFolder()],
    ...['--http-port', '0', '--https-port', 'off'],
  ]);
  const bot = npm(folder, ['start'], { PARLEY_DOMAIN: ready.http });
  await vi.waitFor(() => expect(bot.output()).toContain('"live"'), 20_000);
  const chat = await startChat({
    ...{ account: '12345678', domainApi: ready.http, appKey: 'parley-demo-visitor-key' },
  });
  await chat.say('When do you open?');
  await vi.waitFor(
    () => expect(chat.lines.map(({ text }) => text).join()).toContain('Monday to Friday'),
    10_000,
  );
  await chat.end();
  bot.interrupt();
  await bot.ended;
  expect(bot.output()).toContain('Stopped.');
});

it('[BOT61] parley bot new refuses what cannot be, and changes nothing', async () => {
  const folder = await newFolder();
  const bad = await parleyHere(['bot', 'new', join(folder, 'My Bot')]);
  expect(bad.code).toBe(1);
  expect(bad.err).toContain('"My Bot" cannot be the name of a package');
  expect(existsSync(join(folder, 'My Bot'))).toBe(false);
  const used = join(folder, 'used');
  mkdirSync(used);
  writeFileSync(join(used, 'mine.txt'), '');
  const taken = await parleyHere(['bot', 'new', used]);
  expect([taken.code, taken.err]).toEqual([1, expect.stringContaining('is there already')]);
  expect(existsSync(join(used, 'package.json'))).toBe(false);
});
