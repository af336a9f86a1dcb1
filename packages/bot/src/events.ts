/** What the context of each event holds besides. */
import type { ChatEnd, Line, Suggestion } from '@parley/client/agent';
import type { BotContext } from './context.js';
import type { EventName } from './event-names.js';

/** What only some events carry. */
interface Facts extends Record<EventName, unknown> {
  /** A chat came, and the bot has not spoken in it yet. */
  readonly 'chat:start': unknown;
  /** A bot with the role of an assistant or a listener came into a chat, and has handled nothing of it yet. */
  readonly join: unknown;
  /** A chat that the bot had before it was started again. */
  readonly 'chat:resume': unknown;
  /** The visitor said something. */
  readonly 'line:visitor': { readonly line: Line };
  /** The server said something to the visitor. */
  readonly 'line:system': { readonly line: Line };
  /** The agent decided about something that the bot suggested, it was replaced, or its time is over. */
  readonly 'suggestion:outcome': {
    readonly suggestion: Suggestion;
    readonly outcome: Exclude<Suggestion['state'], 'open'>;
  };
  /** The chat is over for the bot: it ended, or is somebody else's. */
  readonly 'chat:end': { readonly why: Exclude<ChatEnd, 'session'> };
}

/** The context of an event; for several names, what they have in common. */
export type ContextOf<S, K extends EventName> = K extends EventName
  ? BotContext<S> & { readonly type: K } & Facts[K]
  : never;
