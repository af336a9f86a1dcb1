/** What a handler answers with that goes on: a stream of frames about what its reader may see. */
import type { AgentSession, Chat } from '@parley/engine';
import type { LiveAccount } from '@parley/runtime/accounts/accounts';

/** Who reads a stream, and where what it reports stands for them. */
export type StreamReader =
  | {
      readonly by: 'agent';
      readonly session: AgentSession;
      /** Of the session. */
      readonly uri: string;
    }
  | {
      readonly by: 'visitor';
      readonly chat: Chat;
      /** Of the chat. */
      readonly uri: string;
    };

/**
 * A stream. While it lasts the whole call is made again before anything is sent, with credential, access
 * and all: whoever may no longer see something is sent nothing of it.
 */
export interface StreamAnswer {
  readonly kind: 'stream';
  readonly over: 'sse' | 'websocket';
  readonly account: LiveAccount;
  readonly reader: StreamReader;
  /** Where the reader was, as it says. */
  readonly position: string | undefined;
}
