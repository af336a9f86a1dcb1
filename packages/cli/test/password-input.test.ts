import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { readHidden } from '../src/hidden-input.js';
import { newPassword } from '../src/new-password.js';
import type { Terminal } from '../src/terminal.js';

/** A keyboard that records whether what is typed would be shown. */
class Keyboard extends EventEmitter {
  raw = false;
  flowing = false;
  setRawMode(raw: boolean) {
    this.raw = raw;
    return this;
  }
  setEncoding() {
    return this;
  }
  resume() {
    this.flowing = true;
    return this;
  }
  pause() {
    this.flowing = false;
    return this;
  }
}

function typing(...chunks: readonly string[]) {
  const keyboard = new Keyboard();
  let shown = '';
  const answer = readHidden('Password: ', keyboard as never, {
    write: (text: string) => {
      shown += text;
    },
  });
  for (const chunk of chunks) keyboard.emit('data', chunk);
  return { keyboard, answer, shown: () => shown };
}

describe('a hidden text', () => {
  it('[CLI20] is read up to Enter without being shown, and the terminal is left as it was', async () => {
    const { keyboard, answer, shown } = typing('sec', 'ret\r');
    expect(await answer).toBe('secret');
    expect(shown()).toBe('Password: \n');
    expect([keyboard.raw, keyboard.flowing, keyboard.listenerCount('data')]).toEqual([
      false,
      false,
      0,
    ]);
  });

  it('[CLI20] can be corrected, and pasted', async () => {
    expect(await typing('wrong\u0015seczz\u007f\bret\n').answer).toBe('secret');
  });

  it('[CLI20] is given up with Ctrl-C', async () => {
    const { keyboard, answer } = typing('sec\u0003');
    await expect(answer).rejects.toThrow('nothing was changed');
    expect(keyboard.raw).toBe(false);
  });
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
