/** `@parley/bot`: bots that answer visitors, hand over to people, and lose nobody. */
export {
  Bot,
  type BotOptions,
  type BotOverrides,
  type BotRole,
  createBot,
  type Health,
} from './bot.js';
export { Composer, EventComposer, type Middleware, type Next } from './composer.js';
export type { Button, Card, ReplyOptions } from './content.js';
export { BotContext, type Visitor } from './context.js';
export { EVENT_NAMES, type EventName, OFFER_NAMES, type OfferName } from './event-names.js';
export type { ContextOf } from './events.js';
export { type Faq, type FaqAnswer, type FaqOptions, faq } from './faq.js';
export { GrowingReply } from './growing-reply.js';
export type { HandOver } from './hand-over.js';
export {
  botMetrics,
  type HealthServer,
  type HealthServerOptions,
  type Observed,
  serveHealth,
} from './health-server.js';
export { type Completion, CompletionError, type Endpoint } from './llm/completions.js';
export { llm, type LlmOptions } from './llm/llm.js';
export type { LlmTool } from './llm/tools.js';
export { jsonLog, type Log } from './log.js';
export { type BotSnapshot, ERROR_KINDS, type ErrorKind } from './metrics.js';
export { LANGUAGES, type Sentences } from './sentences.js';
export { OfferContext } from './offers.js';
export { WebhookAnswerError } from './webhook/answer.js';
export { WebhookError } from './webhook/delivery.js';
export { LaterAnswers, type LaterOptions } from './webhook/later.js';
export type { WebhookEvent, WebhookLine, WebhookPayload } from './webhook/payload.js';
export { verifyWebhook } from './webhook/signature.js';
export { webhook, type WebhookOptions } from './webhook/webhook.js';
export { fileStorage, memoryStorage, type Query, sqlStorage } from './storage.js';
