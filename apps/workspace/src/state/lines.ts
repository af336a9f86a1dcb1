/** What the agent writes: sent, tried again, discarded, and kept while it is not sent. */
import { EndedError, type SentLine } from '@parley/client/agent';
import { marked } from '../compose/marks.js';
import type { Drafts } from './drafts.js';
import { messageOf } from './messages.js';
import type { CardDraft, ChatEntry, Mode } from './model.js';

/** The chats that lines belong to. */
export interface LineChats {
  entry(id: string): ChatEntry | undefined;
  patch(id: string, change: (entry: ChatEntry) => Partial<ChatEntry>): void;
  readonly drafts: Drafts;
  /** Epoch ms. */
  now(): number;
}

/** Of one line. Not by `crypto.randomUUID`, which pages over plain HTTP lack. */
const newKey = () => crypto.getRandomValues(new Uint32Array(4)).join('-');

export class Lines {
  readonly #chats: LineChats;
  readonly #typedAt = new Map<string, number>();
  readonly #draftsDue = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(chats: LineChats) {
    this.#chats = chats;
  }

  /**
   * Sends a line: it stands in the outbox at once.
   * @param textType of a text that is taken as it is; else marks are read
   * @returns where it is stored; null when it was refused, or not sent
   */
  say(
    id: string,
    text: string,
    mode: Mode,
    { textType }: { readonly textType?: 'plain' | 'html' } = {},
  ): Promise<SentLine | null> {
    const key = newKey();
    const chat = this.#chats.entry(id)?.chat;
    if (chat === undefined) return Promise.resolve(null);
    const line = textType === undefined ? marked(text) : { text, textType };
    const sent =
      mode === 'note'
        ? chat.whisper(text, { key })
        : chat.say(line.text, { key, textType: line.textType });
    const failed = (reason: string | null) =>
      this.#chats.patch(id, (entry) => ({
        failed: [...entry.failed, { key, text, mode, reason }],
      }));
    return sent.then(
      (stored) => {
        if (stored === null) failed(null);
        return stored;
      },
      (error: unknown) => {
        // The outbox keeps it for the next session.
        if (!(error instanceof EndedError)) failed(messageOf(error));
        return null;
      },
    );
  }

  /** Keeps a card for the agent to send; null takes it away. */
  takeCard(id: string, card: CardDraft | null): void {
    this.#chats.patch(id, () => ({ card }));
  }

  /** Sends the card that waits. @throws RefusedError for one that the server does not take: it waits on */
  async sendCard(id: string): Promise<void> {
    const entry = this.#chats.entry(id);
    const card = entry?.card ?? null;
    if (entry === undefined || card === null) return;
    this.#chats.patch(id, () => ({ card: null }));
    const { json, text } = card;
    try {
      await entry.chat.say(text, { textType: 'rich-content', json });
    } catch (error) {
      if (!(error instanceof EndedError)) this.#chats.patch(id, () => ({ card }));
      throw error;
    }
  }

  /** Tries a line again that was refused: as another line, with a key of its own. */
  retry(id: string, key: string): void {
    const line = this.#chats.entry(id)?.failed.find((each) => each.key === key);
    this.discard(id, key);
    if (line !== undefined) void this.say(id, line.text, line.mode);
  }

  discard(id: string, key: string): void {
    this.#chats.patch(id, (entry) => ({ failed: entry.failed.filter((line) => line.key !== key) }));
  }

  /** Keeps what is written; shows the visitor that the agent types, unless it is a note. */
  write(id: string, mode: Mode, text: string): void {
    this.#chats.drafts.set(id, mode, text);
    this.#showDraft(id, text === '' ? 0 : DRAFT_AFTER_MS);
    const chat = this.#chats.entry(id)?.chat;
    if (chat === undefined || mode === 'note') return;
    const typed = this.#typedAt.get(id) ?? 0;
    if (text === '') {
      this.#typedAt.delete(id);
      if (typed !== 0) void chat.typing(false);
    } else if (this.#chats.now() - typed > TYPING_EVERY_MS) {
      this.#typedAt.set(id, this.#chats.now());
      void chat.typing(true);
    }
  }

  /** The list shows a draft a little later: a key is the field's business alone. */
  #showDraft(id: string, afterMs: number): void {
    const show = () => {
      clearTimeout(this.#draftsDue.get(id));
      this.#draftsDue.delete(id);
      this.#chats.patch(id, ({ mode }) => ({ draft: this.#chats.drafts.get(id, mode) }));
    };
    if (afterMs === 0) show();
    else if (!this.#draftsDue.has(id)) this.#draftsDue.set(id, setTimeout(show, afterMs));
  }

  /** What is on screen was seen. */
  read(id: string): void {
    const entry = this.#chats.entry(id);
    const last = entry?.events[entry.length - 1]?.id ?? -1;
    if (entry === undefined || last <= entry.readTo) return;
    this.#chats.patch(id, () => ({ readTo: last }));
    void entry.chat.read(last);
  }
}

/** How much later the list shows what is written, milliseconds. */
const DRAFT_AFTER_MS = 300;

/** A typing sign is renewed at least this often while somebody types, milliseconds. */
const TYPING_EVERY_MS = 4_000;
