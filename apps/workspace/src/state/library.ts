/** Canned texts and status reasons of the account, read again when they may be old. */
import type { Administration } from '@parley/client/administration';
import type { Library } from './model.js';

/** What was read is shown again for this long without another look, milliseconds. */
const FRESH_MS = 60_000;

export class LibraryReader {
  readonly #open: () => Promise<Administration>;
  readonly #take: (library: Library) => void;
  readonly #now: () => number;
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(
    open: () => Promise<Administration>,
    take: (library: Library) => void,
    now: () => number,
  ) {
    this.#open = open;
    this.#take = take;
    this.#now = now;
  }

  /** Another login: what was read is somebody else's. */
  forget(): void {
    this.#readAt = Number.NEGATIVE_INFINITY;
  }

  /** Reads, unless that was done a moment ago. What cannot be read stays as it was known. */
  async refresh(): Promise<void> {
    const now = this.#now();
    if (now - this.#readAt < FRESH_MS) return;
    this.#readAt = now;
    try {
      const administration = await this.#open();
      const { cannedContent, statusReasons } = administration;
      const [canned, reasons, pages] = await Promise.all([
        cannedContent.list(),
        statusReasons.list(),
        administration.workspacePages(),
      ]);
      this.#take({
        pages,
        canned: canned.items,
        reasons: reasons.items
          .filter(({ enabled }) => enabled !== false)
          .sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
          .flatMap(({ id, text, state }) =>
            text === undefined || state === undefined ? [] : [{ id, text, state }],
          ),
      });
    } catch {
      // The chat goes on without them; the next look asks again.
      this.#readAt = Number.NEGATIVE_INFINITY;
    }
  }
}
