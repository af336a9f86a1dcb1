/** What is noted on a request for whoever measures it. */
import type { IncomingMessage } from 'node:http';
import type { RegisteredOperation } from '@parley/protocol';

/** How a request is held that is not answered at once by intention. */
export type HeldAs = 'long-poll' | 'stream';

interface Noted {
  readonly operation: RegisteredOperation;
  heldAs: HeldAs | null;
}

const noted = Symbol('parley.noted');

interface Marked {
  [noted]?: Noted;
}

/** Says which operation a request is for. */
export function noteOperation(raw: IncomingMessage, operation: RegisteredOperation): void {
  (raw as Marked)[noted] = { operation, heldAs: null };
}

/** Says that a request waits by intention, so that it does not count as slow. */
export function noteHeld(raw: IncomingMessage, heldAs: HeldAs): void {
  const marked = (raw as Marked)[noted];
  if (marked !== undefined) marked.heldAs = heldAs;
}

/** What was noted; undefined for a request that belongs to no operation. */
export function notedOf(raw: IncomingMessage): Readonly<Noted> | undefined {
  return (raw as Marked)[noted];
}
