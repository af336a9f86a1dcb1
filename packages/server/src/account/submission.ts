/** A command as it is handed to an account's host, which knows the time. */
import { type CommandType, type Envelope, SYSTEM } from '@parley/engine';

export type Submission<T extends CommandType = CommandType> = Omit<Envelope<T>, 'now'>;

/** A command that nobody gave: time, the configuration or the server itself did. */
export function bySystem<T extends CommandType>(command: Envelope<T>['command']): Submission<T> {
  return { command, actor: SYSTEM };
}
