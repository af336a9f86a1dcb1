/** A request that may come again. */

/**
 * Who may send the request again: a user by id, the visitor of a chat by its id; null for whoever has
 * nothing but the key.
 */
export type RetryCaller = number | string | null;

/** A request as it is known again. */
export interface Idempotency {
  /**
   * Print of the key with its caller, the operation and the chat: another one for each of them. Prints
   * are hashes that only the server can make, 22 characters of base64url.
   */
  readonly key: string;
  /** Print of the body. */
  readonly body: string;
  readonly caller: RetryCaller;
}

export type RetryRefused =
  /** The key came before, with another body. */
  | { readonly rejected: 'key-reused' }
  | { readonly rejected: 'too-many-keys'; readonly retryAt: number };
