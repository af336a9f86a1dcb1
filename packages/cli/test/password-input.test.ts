import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readHidden } from '../src/hidden-input.js';
import { newPassword } from '../src/new-password.js';
import type { Terminal } from '../src/terminal.js';
import { newFolder, PROGRAM } from './parley.js';

/** A keyboard that records whether the terminal would show what is typed. */
class Keyboard extends PassThrough {
  readonly isTTY = true;
  raw = false;
  setRawMode(raw: boolean) {
    this.raw = raw;
    return this;
  }
}

/** Asks, and types as soon as there is a question. */
function typing(...chunks: readonly string[]) {
  const keyboard = new Keyboard();
  const screen = new PassThrough({ encoding: 'utf8' });
  let shown = '';
  screen.on('data', (text: string) => {
    shown += text;
  });
  const answer = readHidden('Password: ', keyboard, screen);
  answer.catch(() => {});
  screen.once('data', async () => {
    for (const chunk of chunks) {
      // Typed by a person: not all of it before any of it is read.
      await new Promise(setImmediate);
      keyboard.write(chunk);
    }
  });
  return { keyboard, answer, shown: () => stripVTControlCharacters(shown) };
}

describe('a hidden text', () => {
  it('[CLI20] is read up to Enter without being shown, and the terminal is left as it was', async () => {
    const { keyboard, answer, shown } = typing('XY', 'ZXYZ\r');
    expect(await answer).toBe('XYZXYZ');
    expect(shown()).toContain('Password:');
    expect(shown()).not.toMatch(/[XYZ]/);
    expect([keyboard.raw, keyboard.isPaused(), keyboard.listenerCount('keypress')]).toEqual([
      false,
      true,
      0,
    ]);
  });

  it('[CLI20] can be corrected, and pasted', async () => {
    expect(await typing('wrong\u0015seczz\u007f\bret\r').answer).toBe('secret');
    expect(await typing('sécr😀t with blanks\r').answer).toBe('sécr😀t with blanks');
  });

  it.each([
    ['Ctrl-C', 'sec\u0003'],
    ['Ctrl-D instead of a text', '\u0004'],
  ])('[CLI20] is given up with %s', async (_, keys) => {
    const { keyboard, answer } = typing(keys);
    await expect(answer).rejects.toThrow('nothing was changed');
    expect(keyboard.raw).toBe(false);
  });
});

/** Runs the command in a terminal of its own, and types once for each question. */
async function inTerminal(args: readonly string[], ...typed: readonly string[]) {
  const command = [process.execPath, PROGRAM, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qefc', command, '/dev/null'], {
    env: { PATH: process.env['PATH'], TERM: 'xterm', SHELL: '/bin/sh' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const left = [...typed];
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown = stripVTControlCharacters(shown + text);
    const asked = new Set(shown.match(/\? [^?\n]*:(?= \[)/g)).size;
    if (asked > typed.length - left.length) child.stdin.write(left.shift() ?? '\u0003');
  });
  const [code] = await once(child, 'close');
  return { code, shown };
}

const noTerminals =
  process.platform !== 'linux' || spawnSync('script', ['--version']).status !== 0
    ? 'there is no util-linux, whose `script` makes terminals'
    : '';

it('[CLI20, CLI21] asks at a real terminal', { timeout: 60_000 }, async (context) => {
  // In CI it must be there.
  context.skip(noTerminals !== '' && process.env['CI'] === undefined, noTerminals);
  const folder = await newFolder();
  const create = [
    'account',
    'create',
    'one',
    '--admin',
    'boss',
    '--data-dir',
    join(folder, 'data'),
  ];

  const differing = await inTerminal(create, 'quartz piano 71\r', 'quartz piano 72\r');
  expect(differing).toEqual({
    code: 1,
    shown: expect.stringContaining('The two passwords differ'),
  });
  const givenUp = await inTerminal(create, 'quartz piano 71\r', '\u0004');
  expect(givenUp).toEqual({ code: 1, shown: expect.stringContaining('nothing was changed') });
  const done = await inTerminal(create, 'quartz piano 71\r', 'quartz piano 71\r');
  expect(done).toEqual({ code: 0, shown: expect.stringContaining('boss') });
  for (const { shown } of [differing, givenUp, done]) expect(shown).not.toMatch(/qu|piano/);
});

describe('a new password', () => {
  function terminalWith(answers: readonly string[]): Terminal & { readonly asked: string[] } {
    const left = [...answers];
    const asked: string[] = [];
    return {
      asked,
      print: () => {},
      note: () => {},
      interactive: true,
      askHidden: async (question) => {
        asked.push(question);
        return left.shift() ?? '';
      },
      env: () => undefined,
    };
  }

  it('[CLI21] is asked for twice', async () => {
    const terminal = terminalWith(['good password', 'good password']);
    expect(await newPassword(terminal, 'boss', undefined)).toBe('good password');
    expect(terminal.asked).toHaveLength(2);
    expect(terminal.asked[0]).toContain('boss');
  });

  it('[CLI21] that was typed in two ways is refused', async () => {
    const terminal = terminalWith(['good password', 'good passwort']);
    await expect(newPassword(terminal, 'boss', undefined)).rejects.toThrow('differ');
  });
});
