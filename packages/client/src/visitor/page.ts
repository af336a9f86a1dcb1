/** A visitor's transcript, read backwards. */
import { docOf, findLink, queryOf } from '../core/document.js';
import { type ChatEvent, Feed } from '../core/feed.js';
import type { VisitorChat } from './chat.js';

/** Which page of a transcript to read. */
export interface PageOptions {
  /** Events before this id; by default the last events. */
  readonly before?: number;
  /** Maximum number of events, 1 to 1,000; 50 by default. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

/** A page of a transcript, in order. */
export interface ChatPage {
  readonly events: readonly ChatEvent[];
  /** Whether there are events before these. */
  readonly hasEarlier: boolean;
}

/** The greatest that a server takes as a position. */
const MAX_EVENT_ID = 1_000_000_000;

/**
 * A page of the transcript, read backwards: for pages that show the end of a long chat first. It is a separate
 * function, so that pages that do not use it need not load it.
 * @returns the events in order, and whether there are earlier ones; a server without pages returns all events
 */
export async function transcriptPage(
  chat: VisitorChat,
  { before = MAX_EVENT_ID, limit = 50, signal }: PageOptions = {},
): Promise<ChatPage> {
  const page = docOf(await chat.get('events', queryOf({ before, limit }), signal), 'events');
  return { events: new Feed().add(page), hasEarlier: findLink(page, 'prev') !== undefined };
}
