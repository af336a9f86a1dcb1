/** A reply that grows in front of agent and visitor before it is said. */
import type { AgentChat, Clock } from '@parley/client/agent';

/** Streams show it twice a second at most, so it is sent no more often, milliseconds. */
const EVERY_MS = 500;
/** Most characters of a preview that servers take (rule PREV3). */
const MAX_PREVIEW = 2_000;

export class GrowingReply {
  readonly #chat: AgentChat;
  readonly #clock: Clock;
  #shownAt = Number.NEGATIVE_INFINITY;
  /** What is to be shown next, and how that is called off. */
  #next: { text: string; readonly cancel: () => void } | null = null;
  #sent: Promise<void> | null = null;

  constructor(chat: AgentChat, clock: Clock) {
    this.#chat = chat;
    this.#clock = clock;
  }

  /**
   * Shows how far the reply is. What a server does not show, or refuses, is only not seen growing; the
   * line takes its place.
   * @param text all of it so far; of a long one the beginning is shown
   */
  show(text: string): void {
    if (this.#next !== null) {
      this.#next.text = text;
      return;
    }
    const since = this.#clock.now() - this.#shownAt;
    // The clock may be set back.
    const wait = since < 0 ? 0 : EVERY_MS - since;
    if (wait <= 0) this.#send(text);
    else this.#next = { text, cancel: this.#clock.after(wait, () => this.#sendNext()) };
  }

  /** Resolves when nothing more is shown of it: the line may come. */
  async finish(): Promise<void> {
    this.#next?.cancel();
    this.#next = null;
    await this.#sent;
  }

  /** Takes it away: it will not be said. */
  async discard(): Promise<void> {
    await this.finish();
    if (this.#sent !== null) await this.#chat.typing(false);
    this.#sent = null;
    this.#shownAt = Number.NEGATIVE_INFINITY;
  }

  #sendNext(): void {
    const text = this.#next?.text;
    this.#next = null;
    if (text !== undefined) this.#send(text);
  }

  #send(text: string): void {
    this.#shownAt = this.#clock.now();
    // In their order: of two that are under way the server would keep the one that arrives last.
    const before = this.#sent ?? Promise.resolve();
    this.#sent = before.then(() => this.#chat.typing(true, text.slice(0, MAX_PREVIEW)));
  }
}
