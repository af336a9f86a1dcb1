/** What is suggested in one chat, as far as one stream has sent it. */
import { access, type Chat } from '@parley/engine';
import type { FrameData } from '@parley/protocol';
import type { LiveAccount } from '@parley/runtime/accounts/accounts';
import { seesSuggestion, suggestionValue } from '../agent/suggestions.js';

export class Suggested {
  /** Journal position up to which it was sent; null before the first time. */
  #upTo: number | null;
  #role: string | null = null;

  /** @param upTo the position that the reader resumes from; null for whoever knows nothing yet */
  constructor(upTo: number | null) {
    this.#upTo = upTo;
  }

  /**
   * The data of frames that are to be sent: suggestions that changed since, as far as the reader sees them,
   * in the order of those changes; at first, and when they come to see more, those that are open.
   * @param durable journal position up to which everything is on disk
   */
  news(
    account: LiveAccount,
    { chat, uri }: { readonly chat: Chat; readonly uri: string },
    sessionId: string,
    durable: number,
  ): readonly FrameData<'suggestion'>[] {
    const { suggestions } = chat;
    const { state, config } = account.host;
    const userId = state.sessions.get(sessionId)?.userId;
    if (suggestions === undefined || userId === undefined) {
      this.#upTo = durable;
      return [];
    }
    const role = access(state, config, { by: 'session', sessionId }, chat.id)?.role ?? 'visitor';
    if (role === 'visitor') return [];
    const after = this.#role === null || this.#role === role ? this.#upTo : null;
    this.#role = role;
    this.#upTo = durable;
    if (after !== null && suggestions.seq <= after) return [];
    return suggestions.list
      .filter((each) => each.seq <= durable && seesSuggestion({ role, userId }, each))
      .filter((each) => (after === null ? each.state === 'open' : each.seq > after))
      .sort((a, b) => a.seq - b.seq || a.id - b.id)
      .map((each) => ({ uri, suggestion: suggestionValue(account, uri, each) }));
  }
}
