export interface FeedAmount {
  readonly entries: number;
  /** As entries are stored. */
  readonly bytes: number;
}
