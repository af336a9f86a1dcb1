/**
 * Long polls (rules PUSH…): a resource that is asked with `wait=N`
 * answers when there is something new, and after N seconds at the latest.
 *
 * A handler does not wait itself: it answers with a document, or with a `Wait` that says what to watch.
 */
import { queryInteger } from '../http/query.js';
import type { AccountCall } from '../http/call.js';
import type { Answer } from '../http/answer.js';
import type { Parameter } from '@parley/protocol';
import type { Wait } from '../http/wait.js';

/** Seconds that may be waited. */
const SECONDS = { min: 1, max: 60 } as const;

/** The query parameter that `answerOrWait` reads. */
export const WAIT_QUERY: Readonly<Record<'wait', Parameter>> = {
  wait: {
    description:
      'How many seconds to wait while there is nothing new. The response comes as soon as there is. If omitted, the server responds at once.',
    schema: { type: 'integer', minimum: SECONDS.min, maximum: SECONDS.max },
    example: 30,
  },
};

/** What a call watches while it waits; see `Wait`. */
export interface Watched extends Pick<Wait, 'alive' | 'place' | 'topics'> {
  /** Whether there is something that the caller has not got yet; what it has a tag for, it has. */
  readonly isNew: boolean;
  readonly seen?: string;
}

/**
 * Answers when there is something new, when the call does not want to wait, and when it has waited;
 * else waits.
 * @throws WireError 400 for a `wait` that is none.
 */
export function answerOrWait(
  call: AccountCall,
  watched: () => Watched,
  answer: () => Answer,
): Answer | Wait {
  const seconds = queryInteger(call, 'wait', SECONDS);
  if (seconds === undefined || call.turn.kind === 'last') return answer();
  const { isNew, alive, place, topics, seen = '' } = watched();
  if (isNew) {
    const made = answer();
    if (made.status !== 304) return made;
  }
  const { host } = call.account;
  return { kind: 'wait', forMs: seconds * 1000, host, alive, place, topics, seen };
}
