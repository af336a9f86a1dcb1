/** Keeps credentials out of reports: every text that is shown goes through here. */

const MASK = '***';

/** Shorter texts are in everything; masking them would hide the report itself. */
const SHORTEST = 4;

export class Secrets {
  readonly #known = new Set<string>();

  /** Remembers a text that must not be shown, in every form in which it may stand in a request. */
  add(secret: string): void {
    if (secret.length < SHORTEST) return;
    this.#known.add(secret);
    this.#known.add(encodeURIComponent(secret));
    this.#known.add(JSON.stringify(secret).slice(1, -1));
  }

  /** The text without any of them. */
  mask(text: string): string {
    let masked = text;
    // The longest first: one may be part of another.
    for (const secret of [...this.#known].sort((a, b) => b.length - a.length)) {
      masked = masked.replaceAll(secret, MASK);
    }
    return masked;
  }
}
