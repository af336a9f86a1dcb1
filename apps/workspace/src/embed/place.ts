/** Where a page stands, and of which chat it is told. */
export interface PagePlace {
  /** The window that the page's messages come to. */
  readonly window: Window;
  /** The page's own window. */
  readonly source: () => Window | null;
  /** Where the page may come from. */
  readonly origins: readonly string[];
  /** The chat that the public model speaks of; null for none. */
  readonly chat: () => string | null;
  /** The chat that the page is on screen with; null while it is not. */
  readonly focused: () => string | null;
  /** Announces that `focused` may have changed. @returns what takes the listener off again */
  readonly onFocus: (listener: () => void) => () => void;
}
