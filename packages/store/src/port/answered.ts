/** Requests that changed the configuration and may come again. */

/** What was answered to a request that may come again. */
export interface AnsweredRequest {
  /** What the request is known by. */
  readonly key: string;
  /** Id of the user whose request it is. */
  readonly caller: number;
  /** What its body is known by. */
  readonly body: string;
  /** Epoch ms. */
  readonly at: number;
  /** JSON text. */
  readonly answer: string;
}

/** Such an answer to be kept, and how many are. */
export interface AnswerToStore extends AnsweredRequest {
  /** Answers that a caller may have. */
  readonly most: number;
  /** How long they are kept, and how long at least where the caller has too many; ms. */
  readonly lifeMs: number;
  readonly minLifeMs: number;
}
