/** What an endpoint answers: read strictly, and carried out in the chat. */
import type { Card, ReplyOptions } from '../content.js';
import type { BotContext } from '../context.js';
import type { HandOver } from '../hand-over.js';

/** A line for the visitor. */
export interface WebhookReply extends Omit<ReplyOptions, 'json'> {
  readonly text: string;
}

/** All that an endpoint can ask for, in the order in which it is done. */
export interface WebhookAnswer {
  /** Takes the place of what the bot knows of the chat. */
  readonly state: Readonly<Record<string, unknown>> | null;
  readonly replies: readonly WebhookReply[];
  /** For agents alone. */
  readonly whisper: string | null;
  readonly handOver: HandOver | null;
  readonly end: boolean;
}

/** An endpoint answered something that is no answer. */
export class WebhookAnswerError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WebhookAnswerError';
  }
}

const FIELDS = ['reply', 'whisper', 'handOver', 'end', 'state'] as const;
const REPLY_FIELDS = ['text', 'as', 'quickReplies', 'cards'] as const;
const HAND_OVER_FIELDS = ['skill', 'note'] as const;

/** Replies to one line, at most. */
const MAX_REPLIES = 10;

/**
 * Reads an answer's JSON.
 * @param text an empty one asks for nothing
 * @throws WebhookAnswerError naming the field, and what it may be.
 */
export function readAnswer(text: string): WebhookAnswer {
  const fields = text.trim() === '' ? {} : parsed(text);
  requireKnown(fields, FIELDS, 'an answer');
  const { reply, whisper = null, handOver, end = false, state = null } = fields;
  if (whisper !== null && typeof whisper !== 'string') throw wrong('whisper', 'a text', whisper);
  if (typeof end !== 'boolean') throw wrong('end', 'true or false', end);
  if (state !== null && !isObject(state)) throw wrong('state', 'an object', state);
  return { state, replies: repliesOf(reply), whisper, handOver: handOverOf(handOver), end };
}

/**
 * Does what an answer asks for.
 * @throws what the context's functions throw.
 */
export async function carryOut(answer: WebhookAnswer, ctx: BotContext<unknown>): Promise<void> {
  if (answer.state !== null) {
    const state = ctx.state as Record<string, unknown>;
    for (const name of Object.keys(state)) delete state[name];
    Object.assign(state, answer.state);
  }
  for (const { text, ...options } of answer.replies) await ctx.reply(text, options);
  if (answer.whisper !== null) await ctx.whisper(answer.whisper);
  if (answer.handOver !== null) await ctx.handOver(answer.handOver);
  if (answer.end) await ctx.end();
}

function repliesOf(reply: unknown): readonly WebhookReply[] {
  if (reply === undefined || reply === null) return [];
  const all: readonly unknown[] = Array.isArray(reply) ? reply : [reply];
  if (all.length > MAX_REPLIES) {
    throw new WebhookAnswerError(`reply has ${all.length} lines; at most ${MAX_REPLIES} may be.`);
  }
  return all.map((each) => {
    if (typeof each === 'string') return { text: each };
    if (!isObject(each))
      throw wrong('reply', 'a text, an object with "text", or a list of them', each);
    requireKnown(each, REPLY_FIELDS, 'a reply');
    const { text, as = 'plain', quickReplies = [], cards = [] } = each;
    if (typeof text !== 'string') throw wrong('reply.text', 'a text', text);
    if (as !== 'plain' && as !== 'html') throw wrong('reply.as', '"plain" or "html"', as);
    if (!Array.isArray(quickReplies) || !quickReplies.every(isButton)) {
      throw wrong('reply.quickReplies', 'a list of texts, or objects with "title"', quickReplies);
    }
    if (!Array.isArray(cards) || !cards.every(isCard)) {
      throw wrong('reply.cards', 'a list of objects with title, text, image and buttons', cards);
    }
    return { text, as, quickReplies, cards };
  });
}

function handOverOf(value: unknown): HandOver | null {
  if (value === undefined || value === null || value === false) return null;
  if (value === true) return {};
  if (!isObject(value)) throw wrong('handOver', 'true, or an object with skill and note', value);
  requireKnown(value, HAND_OVER_FIELDS, 'handOver');
  const { skill, note } = value;
  if (skill !== undefined && typeof skill !== 'string')
    throw wrong('handOver.skill', 'a name', skill);
  if (note !== undefined && typeof note !== 'string') throw wrong('handOver.note', 'a text', note);
  return { ...(skill === undefined ? {} : { skill }), ...(note === undefined ? {} : { note }) };
}

function isButton(value: unknown): boolean {
  if (typeof value === 'string') return true;
  if (!isObject(value) || typeof value['title'] !== 'string') return false;
  return isOptionalText(value['url']) && isOptionalText(value['says']);
}

function isCard(value: unknown): value is Card {
  if (!isObject(value)) return false;
  const { title, text, image, buttons = [] } = value;
  const picture =
    image === undefined ||
    (isObject(image) && typeof image['url'] === 'string' && typeof image['alt'] === 'string');
  const pressed = Array.isArray(buttons) && buttons.every(isButton);
  return isOptionalText(title) && isOptionalText(text) && picture && pressed;
}

const isOptionalText = (value: unknown) => value === undefined || typeof value === 'string';

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new WebhookAnswerError('The answer is no JSON.');
  }
  if (isObject(value)) return value;
  throw new WebhookAnswerError('The answer must be a JSON object, such as {"reply":"Hello"}.');
}

function requireKnown(value: object, known: readonly string[], of: string): void {
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const names = known.map((name) => `"${name}"`).join(', ');
  throw new WebhookAnswerError(
    `There is no field "${unknown.slice(0, 40)}" in ${of}. There are: ${names}.`,
  );
}

function wrong(field: string, wanted: string, got: unknown): WebhookAnswerError {
  const shown = (JSON.stringify(got) ?? 'nothing').slice(0, 60);
  return new WebhookAnswerError(`${field} must be ${wanted}, got ${shown}.`);
}
