/** What a decision comes to. */
import type { Rejection } from './commands.js';
import type { AccountEvent } from './events.js';

export type Decision<R> =
  | {
      readonly events: readonly AccountEvent[];
      readonly reply: R;
      /** There is so much to do that the command is to be given again, until this is not so. */
      readonly again?: true;
    }
  | Rejection;
