/** What an endpoint gets, as JSON. */
import type { BotContext } from '../context.js';
import type { ContextOf } from '../events.js';

/** What of a chat an endpoint hears. */
export type WebhookEvent = 'chat:start' | 'line:visitor' | 'chat:end';

/** A line of the chat, for whoever answers it. */
export interface WebhookLine {
  readonly id: number;
  /** Whose: of agents those that the visitor reads, too. */
  readonly source: 'visitor' | 'agent' | 'system';
  readonly by: string;
  readonly text: string;
  /** ISO 8601. */
  readonly time: string;
}

/** The body of a request. */
export interface WebhookPayload {
  readonly type: WebhookEvent;
  /** When it was made, ISO 8601. */
  readonly timestamp: string;
  readonly data: {
    readonly chat: {
      readonly id: string;
      readonly skill: string | null;
      readonly language: string | null;
    };
    readonly visitor: { readonly id: string; readonly name: string | null };
    /** With `line:visitor`. */
    readonly line?: WebhookLine;
    /** With `chat:end`. */
    readonly why?: 'ended' | 'gone' | 'left';
    /** The last lines before, the oldest first. */
    readonly history: readonly WebhookLine[];
    /** What the endpoint said last that the bot should know of the chat; `{}` at first. */
    readonly state: unknown;
    /** Where it can be answered later; null where the bot takes no later answers. */
    readonly later: { readonly url: string; readonly token: string } | null;
  };
}

/** Lines that go with each request. */
const HISTORY = 20;

export function payloadOf(
  ctx: ContextOf<unknown, WebhookEvent>,
  later: WebhookPayload['data']['later'],
): WebhookPayload {
  const { chat, visitor, history, state } = ctx as BotContext<unknown>;
  const line = ctx.type === 'line:visitor' ? ctx.line : null;
  const before = linesOf(history).filter(({ id }) => line === null || id < line.id);
  return {
    type: ctx.type,
    timestamp: new Date().toISOString(),
    data: {
      chat: {
        id: chat.id,
        skill: chat.info.skillName || null,
        language: ctx.language ?? null,
      },
      visitor: { id: visitor.id, name: visitor.name },
      ...(line === null ? {} : { line: linesOf([line])[0] as WebhookLine }),
      ...(ctx.type === 'chat:end' ? { why: ctx.why } : {}),
      history: before.slice(-HISTORY),
      state,
      later,
    },
  };
}

/** What the visitor reads, too: nothing that is for agents alone. */
function linesOf(events: BotContext<unknown>['history']): readonly WebhookLine[] {
  return events.flatMap((event) => {
    if (event.type !== 'line' || event.subType !== 'REGULAR') return [];
    const { id, source, by, text, time } = event;
    return [{ id, source, by, text, time }];
  });
}
