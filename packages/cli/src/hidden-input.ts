/** Reads a line from a terminal without showing it. */
import type { Readable, Writable } from 'node:stream';
import { CommandFailure } from './command-failure.js';

/** How the prompt ends when somebody does not want to answer: by Ctrl-C, or by our signal. */
const GIVEN_UP = ['ExitPromptError', 'AbortPromptError'];

/**
 * Asks and reads one hidden line.
 * @throws CommandFailure when the person gives up with Ctrl-C, or with Ctrl-D instead of an answer.
 */
export async function readHidden(
  question: string,
  input: Readable,
  output: Writable,
): Promise<string> {
  // Loaded here, because nearly no command asks.
  const { default: password } = await import('@inquirer/password');
  // Ctrl-D closes the prompt's input, and the prompt would wait for ever.
  const closed = new AbortController();
  const abort = () => closed.abort();
  input.once('pause', abort);
  try {
    return await password(
      { message: question.trimEnd() },
      { input, output, signal: closed.signal },
    );
  } catch (error) {
    if (!(error instanceof Error && GIVEN_UP.includes(error.name))) throw error;
    throw new CommandFailure('Given up; nothing was changed.');
  } finally {
    input.off('pause', abort);
  }
}
