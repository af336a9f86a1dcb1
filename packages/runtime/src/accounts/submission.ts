/** A command as it is handed to an account's host, which knows the time. */
import {
  type CommandType,
  type Envelope,
  type Rejection,
  type Replies,
  SYSTEM,
} from '@parley/engine';

export type Submission<T extends CommandType = CommandType> = Omit<Envelope<T>, 'now'> & {
  /** The place in a trace of whoever gave it, where that is recorded: goes along to those it wakes. */
  readonly cause?: string;
};

/** What became of it. */
export interface Submitted<T extends CommandType> {
  readonly reply: Replies[T];
  /** The request came before, and this is what it was answered then. */
  readonly replayed: boolean;
}

/** The account refused a command; `rejection` says why. */
export class CommandRejected extends Error {
  readonly rejection: Rejection;
  constructor(rejection: Rejection) {
    super(`refused: ${rejection.rejected}`);
    this.name = 'CommandRejected';
    this.rejection = rejection;
  }
}

/** A command that nobody gave: time, the configuration or the server itself did. */
export function bySystem<T extends CommandType>(command: Envelope<T>['command']): Submission<T> {
  return { command, actor: SYSTEM };
}
