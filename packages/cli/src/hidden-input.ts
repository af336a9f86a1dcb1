/** Reads a line from a terminal without showing it. */
import type { ReadStream } from 'node:tty';
import { CommandFailure } from './command-failure.js';

const ENTER = ['\r', '\n', '\u0004'];
const CTRL_C = '\u0003';
const CTRL_U = '\u0015';
const BACKSPACE = ['\u007f', '\b'];

/**
 * Asks and reads one hidden line.
 * @throws CommandFailure when the person gives up with Ctrl-C.
 */
export function readHidden(
  question: string,
  input: Pick<ReadStream, 'setRawMode' | 'on' | 'off' | 'resume' | 'pause' | 'setEncoding'>,
  output: { write(text: string): unknown },
): Promise<string> {
  output.write(question);
  input.setRawMode(true);
  input.setEncoding('utf8');
  input.resume();
  return new Promise((resolve, reject) => {
    let typed: string[] = [];
    const finish = () => {
      input.off('data', onData);
      input.setRawMode(false);
      input.pause();
      output.write('\n');
    };
    const onData = (chunk: string) => {
      for (const key of chunk) {
        if (ENTER.includes(key)) {
          finish();
          return resolve(typed.join(''));
        }
        if (key === CTRL_C) {
          finish();
          return reject(new CommandFailure('Given up; nothing was changed.'));
        }
        if (key === CTRL_U) typed = [];
        else if (BACKSPACE.includes(key)) typed.pop();
        else typed.push(key);
      }
    };
    input.on('data', onData);
  });
}
