/** What is suggested to the agent of a chat, by whoever is in it beside them. */
import type { Suggestion as WireSuggestion } from '@parley/protocol/types';
import { type Doc, docOf, linkOf, listOf } from '../core/document.js';
import { newKey } from '../core/keys.js';
import type { HttpRequest, Reply } from '../core/http.js';

/** A suggestion and its outcome. */
export type Suggestion = Omit<WireSuggestion, 'link'>;

/** Options of a suggestion, besides its text. */
export interface SuggestOptions {
  /** The server sanitizes `html`; `plain` by default. */
  readonly textType?: 'plain' | 'html';
  /** The source of the text: an article, a rule. 500 characters at most. */
  readonly source?: string;
  /** How sure the author is, 0 to 1. */
  readonly confidence?: number;
  /** The id of an open suggestion by the same author that this one replaces. */
  readonly replacesId?: number;
  /** Seconds for which the suggestion stays open; by default until the chat is over. */
  readonly expiresIn?: number;
  /** An idempotency key made elsewhere: 1 to 128 visible characters. */
  readonly key?: string;
  readonly signal?: AbortSignal;
}

/** What an agent does with a suggestion. */
export type SuggestionOutcome = 'accepted' | 'edited' | 'dismissed';

/** Calls on one chat. */
interface Calls {
  /** The chat's document, as it is known now. */
  chat(): Doc;
  request(make: () => HttpRequest): Promise<Reply>;
  /** There is a new one, or one changed. */
  changed(suggestion: Suggestion): void;
}

/** Suggestions to the agent of one chat. `chat.on('suggestion')` reports new suggestions and outcomes. */
export class ChatSuggestions {
  readonly #calls: Calls;
  /** The last state that was reported, by id. */
  readonly #reported = new Map<number, string>();

  /** For the chat alone. */
  constructor(calls: Calls) {
    this.#calls = calls;
  }

  /** As `chat.suggest`. */
  async add(
    text: string,
    { key = newKey(), signal, ...options }: SuggestOptions = {},
  ): Promise<number> {
    const { body } = await this.#calls.request(() => ({
      method: 'POST',
      url: this.#url(),
      body: { suggestion: { text, ...options } },
      key,
      signal,
    }));
    const href = linkOf(docOf(body, 'suggestionLocation'), 'location');
    return Number(href.slice(href.lastIndexOf('/') + 1));
  }

  /**
   * For the chat's agent, all open suggestions and the latest closed ones; for others in the chat, their own.
   */
  async list(signal?: AbortSignal): Promise<readonly Suggestion[]> {
    const { body } = await this.#calls.request(() => ({ url: this.#url(), signal }));
    return listOf(docOf(body, 'suggestions')['suggestion']).map(read);
  }

  /**
   * Reports what the chat's agent did with a suggestion.
   * @param lineId the event with which the agent said it, if the agent did
   * @throws RefusedError 403 for everybody except the agent, 409 when the suggestion is no longer open
   */
  async decide(
    id: number,
    outcome: SuggestionOutcome,
    lineId?: number,
    signal?: AbortSignal,
  ): Promise<Suggestion> {
    const { body } = await this.#calls.request(() => ({
      method: 'PUT',
      // Addresses that were given before are gone when the session was opened anew: ids are the same.
      url: `${this.#url()}/${id}`,
      body: { outcome, ...(lineId === undefined ? {} : { lineId }) },
      signal,
    }));
    return read(docOf(body, 'suggestion'));
  }

  /** Applies a stream's frame; the same one may arrive twice. Only for the session's use. */
  take(doc: Doc): void {
    const suggestion = read(doc);
    if (this.#reported.get(suggestion.id) === suggestion.state) return;
    this.#reported.set(suggestion.id, suggestion.state);
    this.#calls.changed(suggestion);
  }

  #url(): string {
    return linkOf(this.#calls.chat(), 'suggestions');
  }
}

function read({ link: _, ...suggestion }: Doc): Suggestion {
  return suggestion as unknown as Suggestion;
}
