/** The chats that clients know of: what they are to go on with. What is right is for the checker. */
import type { Outcome } from '../history/recorder.js';

export class Chats {
  /** Chats that nobody has seen the end of. */
  readonly live = new Set<string>();
  readonly over: string[] = [];
  /** Called when somebody is shown a line before its author has an answer. */
  onNews: () => void = () => {};
  readonly #underWay = new Set<string>();

  /** Whoever hears of a chat. */
  met(chat: string): void {
    if (!this.over.includes(chat)) this.live.add(chat);
  }

  ended(chat: string): void {
    if (!this.live.delete(chat) && this.over.includes(chat)) return;
    this.over.push(chat);
  }

  /** Somebody writes a line; the returned function is called when it was answered. */
  writing(text: string): () => void {
    this.#underWay.add(text);
    return () => this.#underWay.delete(text);
  }

  /** Takes in what a read showed; answers the id to ask from next, or null when it showed nothing. */
  seen(chat: string, read: Outcome<'read'>): number | null {
    if (!('ok' in read)) return null;
    const { events, next } = read.ok;
    for (const { type, text } of events) {
      if (type === 'state' && text === 'ended') this.ended(chat);
      if (this.#underWay.has(text)) this.onNews();
    }
    return next;
  }
}
