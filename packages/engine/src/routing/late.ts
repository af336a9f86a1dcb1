/**
 * Waiting chats whose time was over while somebody was there for them. Their visitors are to read
 * that everybody is busy when that somebody leaves. There may be very many of them; those of which the
 * same is true are found together.
 *
 * Like deadlines this is not in events: after a restart the deadlines of their waits are due again.
 */
export class LateChats {
  readonly #groupOf = new Map<string, string>();
  readonly #groups = new Map<string, Set<string>>();

  /** @param group the same for chats of which each may be taken by whoever may take another */
  add(chatId: string, group: string): void {
    this.delete(chatId);
    this.#groupOf.set(chatId, group);
    const chats = this.#groups.get(group);
    if (chats === undefined) this.#groups.set(group, new Set([chatId]));
    else chats.add(chatId);
  }

  delete(chatId: string): void {
    const group = this.#groupOf.get(chatId);
    if (group === undefined) return;
    this.#groupOf.delete(chatId);
    const chats = this.#groups.get(group);
    chats?.delete(chatId);
    if (chats?.size === 0) this.#groups.delete(group);
  }

  has(chatId: string): boolean {
    return this.#groupOf.has(chatId);
  }

  groups(): Iterable<ReadonlySet<string>> {
    return this.#groups.values();
  }
}
