/** A program of the bench's own, in a process of its own, that does one thing after another as it is asked. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What it answers when it could not. */
export interface Failed {
  readonly kind: 'failed';
  readonly message: string;
}

export class AskedProcess<Question extends object, Answer extends { readonly kind: string }> {
  readonly #child: ChildProcess;

  constructor(program: URL) {
    this.#child = fork(fileURLToPath(program), [], { serialization: 'advanced', execArgv: [] });
  }

  /** @throws Error when it says that it failed, or does not answer in time. */
  ask(question: Question, timeoutMs: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const settle = (end: () => void) => {
        clearTimeout(timer);
        this.#child.removeAllListeners();
        end();
      };
      const timer = setTimeout(() => {
        settle(() => reject(new Error(`The load process did not answer within ${timeoutMs} ms.`)));
        this.stop();
      }, timeoutMs);
      this.#child.once('message', (answer: Answer | Failed) => {
        settle(() =>
          isFailure(answer) ? reject(new Error(answer.message)) : resolve(answer as Answer),
        );
      });
      this.#child.once('exit', (code, signal) => {
        settle(() => reject(new Error(`The load process ended (${signal ?? `code ${code}`}).`)));
      });
      this.#child.send(question);
    });
  }

  stop(): void {
    this.#child.kill();
  }
}

function isFailure(answer: { readonly kind: string } | Failed): answer is Failed {
  return answer.kind === 'failed';
}
