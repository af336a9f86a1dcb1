/** Places in a chat's feed, as a request names them. */
import { pathParam, queryInteger, queryOneOf } from '../http/query.js';
import type { AccountCall } from '../http/call.js';
import type { Parameter } from '@parley/protocol';
import type { ChatCall, ChatView } from './documents.js';

/** Events in one page backwards. */
const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 1_000;

/** Far beyond any feed. */
export const LARGEST_POSITION = 1_000_000_000;

/** The query parameter that `fromOf` reads. */
export const FROM_QUERY: Readonly<Record<'from', Parameter>> = {
  from: {
    description: 'Id of the first event to return. 0 if omitted.',
    schema: { type: 'integer', minimum: 0 },
    example: 5,
  },
};

/** The query parameter that `asksForCollaboration` reads. */
export const COLLABORATION_QUERY: Readonly<Record<'collaboration', Parameter>> = {
  collaboration: {
    description:
      'true: include events of type collaboration, which say who joined the chat besides its agent, and who left. The link next keeps this setting. Visitors see only those of assistants.',
    schema: { type: 'boolean' },
  },
};

/** Whether the call asks for entries that say who came and went. */
export function asksForCollaboration(call: AccountCall): boolean {
  return queryOneOf(call, 'collaboration', ['true', 'false']) === 'true';
}

/** The chat as this call asks to see it. */
export function viewAsked(call: ChatCall): ChatView {
  const { account, chat, reader, uri } = call;
  return { account, chat, reader, uri, collaboration: asksForCollaboration(call) };
}

/** Query parameters with which a transcript is paged backwards. */
export const EARLIER_QUERY: Readonly<Record<'before' | 'limit', Parameter>> = {
  before: {
    description:
      'Only events before this id: the latest of them, with a link prev to earlier ones. The request does not wait then.',
    schema: { type: 'integer', minimum: 0 },
  },
  limit: {
    description: `The maximum number of events. If omitted with before: ${DEFAULT_LIMIT}.`,
    schema: { type: 'integer', minimum: 1, maximum: MAX_LIMIT },
  },
};

/** What of a transcript is asked for backwards; null when it is not. */
export function earlierOf(call: AccountCall): { before: number; limit: number } | null {
  const before = queryInteger(call, 'before', { min: 0, max: LARGEST_POSITION });
  const limit = limitOf(call) ?? DEFAULT_LIMIT;
  return before === undefined ? null : { before, limit };
}

/** How many events are wanted at most; undefined for as many as fit. */
export function limitOf(call: AccountCall): number | undefined {
  return queryInteger(call, 'limit', { min: 1, max: MAX_LIMIT });
}

/** `from`: the first event wanted; 0 when absent. */
export function fromOf(call: AccountCall): number {
  return queryInteger(call, 'from', { min: 0, max: LARGEST_POSITION }) ?? 0;
}

/** The event id in the path; null for what cannot be one: it is simply not there. */
export function eventIdOf(call: AccountCall): number | null {
  const text = pathParam(call, 'event');
  return /^(?:0|[1-9]\d{0,8})$/.test(text) ? Number(text) : null;
}
