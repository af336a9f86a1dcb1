/** A bot whose answers come from an HTTP endpoint, in any language. */
import { createHash } from 'node:crypto';
import type { BotContext } from '../context.js';
import type { EventName } from '../event-names.js';
import type { ContextOf } from '../events.js';
import { carryOut, readAnswer } from './answer.js';
import { deliver, type DeliveryOptions, WebhookError } from './delivery.js';
import type { LaterAnswers } from './later.js';
import { payloadOf, type WebhookEvent } from './payload.js';
import { keyOf } from './signature.js';

export interface WebhookOptions {
  /** Of the endpoint: https, or http on a network that is trusted. */
  readonly url: string;
  /**
   * Each `whsec_` and Base64 of 24 random bytes or more. Each signs every request, so that one can take the
   * place of another while both are known.
   */
  readonly secrets: readonly string[];
  /** What the endpoint hears; all of it by default. */
  readonly events?: readonly WebhookEvent[];
  /** Longest of one try, milliseconds; 10 000 by default. */
  readonly timeout?: number;
  /** Longest of all tries of a request, milliseconds; 25 000 by default. */
  readonly answerWithin?: number;
  /** Takes answers that come later. Without it 202 is a failure. */
  readonly later?: LaterAnswers;
  /** How long a later answer is waited for, milliseconds; 30 000 by default. */
  readonly laterWithin?: number;
  readonly fetch?: typeof globalThis.fetch;
}

const EVENTS: readonly WebhookEvent[] = ['chat:start', 'line:visitor', 'chat:end'];

/** Accepted: the answer comes later. */
const ACCEPTED = 202;

/**
 * A handler for `bot.use`: asks the endpoint what to do. It fails, and the bot hands the chat over, when the
 * endpoint refuses, answers something that is no answer, or does not answer in time.
 * @throws TypeError for an address, a secret or an event that is none.
 * @example
 * bot.use(webhook({ url: 'https://example.com/bot', secrets: [process.env.WEBHOOK_SECRET] }));
 */
export function webhook(options: WebhookOptions) {
  const { url, secrets, events = EVENTS, later = null, laterWithin = 30_000 } = options;
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) {
    throw new TypeError(`url must be an http or https address, got "${url}".`);
  }
  if (secrets.length === 0) throw new TypeError('secrets must hold one at least.');
  for (const name of events) {
    if (EVENTS.includes(name)) continue;
    const names = EVENTS.map((each) => `"${each}"`).join(', ');
    throw new TypeError(`There is no event "${String(name)}" for webhooks. There are ${names}.`);
  }
  const delivery: DeliveryOptions = {
    url,
    keys: secrets.map(keyOf),
    timeout: options.timeout ?? 10_000,
    within: options.answerWithin ?? 25_000,
    fetch: options.fetch ?? globalThis.fetch,
  };

  const ask = async (ctx: ContextOf<unknown, WebhookEvent>): Promise<void> => {
    const chat = ctx.chat.id;
    const open = ctx.type === 'chat:end' ? null : later;
    const body = JSON.stringify(payloadOf(ctx, open?.of(chat) ?? null));
    const before = open?.count(chat) ?? 0;
    const { status, text } = await deliver(delivery, idOf(ctx), body, ctx.signal);
    if (ctx.type === 'chat:end') return;
    if (status !== ACCEPTED) return carryOut(readAnswer(text), ctx as BotContext<unknown>);
    if (open === null) {
      throw new WebhookError(
        'The webhook answered 202, and there is nowhere to answer later.',
        202,
      );
    }
    await lateAnswer(open, ctx, before, laterWithin);
  };

  return async <S>(ctx: ContextOf<S, EventName>, next: () => Promise<void>): Promise<void> => {
    const context = ctx as ContextOf<unknown, EventName>;
    if (context.type === 'chat:end') later?.forget(context.chat.id);
    else later?.see(context as BotContext<unknown>);
    if (!isWebhookEvent(context, events)) return next();
    try {
      await ask(context);
    } catch (error) {
      // Nobody needs the answer any more, or there is nobody to hand over.
      if (context.type !== 'chat:end') {
        if (!context.signal.aborted) throw error;
        return;
      }
      context.log.warn({ err: String(error) }, 'The webhook did not hear that the chat is over.');
    }
  };
}

async function lateAnswer(
  later: LaterAnswers,
  ctx: ContextOf<unknown, WebhookEvent>,
  before: number,
  within: number,
): Promise<void> {
  const late = AbortSignal.timeout(within);
  try {
    await later.next(ctx.chat.id, before, AbortSignal.any([ctx.signal, late]));
  } catch (error) {
    if (!late.aborted) throw error;
    throw new WebhookError(`The later answer did not come within ${within / 1_000} s.`, null);
  }
}

function isWebhookEvent(
  ctx: ContextOf<unknown, EventName>,
  events: readonly WebhookEvent[],
): ctx is ContextOf<unknown, WebhookEvent> {
  return (events as readonly string[]).includes(ctx.type);
}

/** The same for the same event of the same chat, after a restart, too. */
function idOf(ctx: ContextOf<unknown, WebhookEvent>): string {
  const event = ctx.type === 'line:visitor' ? ctx.line.id : '';
  const name = JSON.stringify([ctx.chat.id, ctx.type, event]);
  return `msg_${createHash('sha256').update(name).digest('base64url').slice(0, 27)}`;
}
