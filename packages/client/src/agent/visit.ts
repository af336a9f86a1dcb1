/** What is known of a chat's visitor from the visit, and from before. */
import { docOf, findLink, linkOf, listOf } from '../core/document.js';
import { type ChatEvent, Feed } from '../core/feed.js';

/** A page that the visitor looked at. */
export interface VisitPage {
  readonly url: string;
  /** Null if the page sent none. */
  readonly title: string | null;
  /** When it was opened, ISO 8601. */
  readonly time: string;
  /**
   * How long the visitor looked at the page, in milliseconds; null while the visitor still does, and if it is
   * not known.
   */
  readonly stayed: number | null;
}

/** A chat of the same visitor that is over. */
export interface EarlierChat {
  readonly id: string;
  /** ISO 8601. */
  readonly startTime: string;
  /** ISO 8601; null if it is not known. */
  readonly endTime: string | null;
  /** All its events, in order. */
  transcript(signal?: AbortSignal): Promise<readonly ChatEvent[]>;
}

export function readPages(body: unknown): readonly VisitPage[] {
  return listOf(docOf(body, 'pages')['page']).map((page) => ({
    url: String(page['url'] ?? ''),
    title: page['title'] === undefined ? null : String(page['title']),
    time: String(page['time'] ?? ''),
    stayed: page['timeOnPage'] === undefined ? null : Number(page['timeOnPage']) * 1_000,
  }));
}

/** @param read reads what is at an address, a page of events */
export function readEarlierChats(
  body: unknown,
  read: (url: string, signal?: AbortSignal) => Promise<unknown>,
): readonly EarlierChat[] {
  return listOf(docOf(body, 'earlierChats')['chat']).map((chat) => ({
    id: String(chat['chatSessionKey']),
    startTime: String(chat['startTime'] ?? ''),
    endTime: chat['endTime'] === undefined ? null : String(chat['endTime']),
    transcript: async (signal) => {
      const feed = new Feed();
      let url: string | undefined = linkOf(chat, 'transcript');
      while (url !== undefined) {
        const page = docOf(await read(url, signal), 'events');
        feed.add(page);
        url = findLink(page, 'next');
      }
      return feed.events;
    },
  }));
}
