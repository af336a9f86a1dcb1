/** What colleagues and bots suggest to say, and what the agent does with it. */
import type { AgentChat, SentLine, Suggestion } from '@parley/client/agent';

/** The chats that suggestions are for. */
export interface SuggestionChats {
  chat(id: string): AgentChat | undefined;
  /** The open ones of a chat, whenever they changed; the newest last. */
  take(id: string, change: { readonly suggestions: readonly Suggestion[] }): void;
  /** Says something to the visitor: what is refused is shown. */
  say(id: string, text: string, textType: Suggestion['textType']): Promise<SentLine | null>;
}

export class Suggestions {
  readonly #chats: SuggestionChats;
  readonly #open = new Map<string, readonly Suggestion[]>();
  /** Which one the agent changes before it is sent, by chat. */
  readonly #edited = new Map<string, number>();

  constructor(chats: SuggestionChats) {
    this.#chats = chats;
  }

  /** Follows the suggestions of a chat; others than its agent are shown none. */
  follow(chat: AgentChat): void {
    const look = async () => {
      if (chat.role !== 'agent' || chat.over !== null) return this.#set(chat.id, []);
      // A server without suggestions has no such link: then there are none.
      const all = await chat.suggestions.list().catch(() => []);
      this.#set(chat.id, all);
    };
    chat.on('suggestion', (suggestion) => {
      if (chat.role !== 'agent') return;
      const others = this.#of(chat.id).filter(({ id }) => id !== suggestion.id);
      this.#set(chat.id, [...others, suggestion]);
    });
    chat.on('role', () => void look());
    chat.on('over', () => this.#set(chat.id, []));
    void look();
  }

  /** Says it as it is. */
  async use(id: string, { id: suggestion, text, textType }: Suggestion): Promise<void> {
    const chat = this.#chats.chat(id);
    if (chat === undefined) return;
    this.#close(id, suggestion);
    const sent = await this.#chats.say(id, text, textType);
    await this.#decide(chat, suggestion, 'accepted', sent);
  }

  /** The agent changes it before it is sent: what is said next was made of it. */
  edit(id: string, { id: suggestion }: Suggestion): void {
    this.#edited.set(id, suggestion);
  }

  /** A reply was sent; of a suggestion, when one was being changed. */
  async said(id: string, sent: Promise<SentLine | null>): Promise<void> {
    const suggestion = this.#edited.get(id);
    const chat = this.#chats.chat(id);
    if (suggestion === undefined || chat === undefined) return;
    this.#edited.delete(id);
    this.#close(id, suggestion);
    await this.#decide(chat, suggestion, 'edited', await sent);
  }

  async dismiss(id: string, { id: suggestion }: Suggestion): Promise<void> {
    const chat = this.#chats.chat(id);
    if (chat === undefined) return;
    this.#close(id, suggestion);
    // One that is not open any more is as good as dismissed.
    await chat.suggestions.decide(suggestion, 'dismissed').catch(() => {});
  }

  async #decide(
    chat: AgentChat,
    suggestion: number,
    outcome: 'accepted' | 'edited',
    sent: SentLine | null,
  ): Promise<void> {
    if (sent === null) return;
    // It was said all the same, whether its author hears of it or not.
    await chat.suggestions.decide(suggestion, outcome, sent.id ?? undefined).catch(() => {});
  }

  #of(id: string): readonly Suggestion[] {
    return this.#open.get(id) ?? [];
  }

  #close(id: string, suggestion: number): void {
    this.#set(
      id,
      this.#of(id).filter((each) => each.id !== suggestion),
    );
  }

  #set(id: string, all: readonly Suggestion[]): void {
    const open = all.filter(({ state }) => state === 'open').sort((a, b) => a.id - b.id);
    this.#open.set(id, open);
    this.#chats.take(id, { suggestions: open });
  }
}
