/** How lives end: killed or asked to stop, and at which instant. */
import type { OperationName } from '../history/format.js';
import type { Random } from '../random.js';

/** Calls after whose answer a life may end at once. */
const KINDS: readonly OperationName[] = [
  'login',
  'logout',
  'refresh',
  'open',
  'close',
  'become',
  'accept',
  'request',
  'say',
  'end',
  'transfer',
  'write',
  'reset',
  'read',
];

/** When a life ends. */
type Moment =
  /** After so many calls. */
  | { readonly at: 'call'; readonly number: number }
  /** As soon as a call of that kind is answered. */
  | { readonly at: 'answer'; readonly kind: OperationName }
  /** As soon as somebody is shown a line before its author has an answer. */
  | { readonly at: 'news' };

/** How a life ends. */
export type End =
  /** Killed while it starts, so many ms after it began. */
  | { readonly by: 'kill at start'; readonly afterMs: number }
  /** Killed so many ms after the moment. */
  | { readonly by: 'kill'; readonly moment: Moment; readonly afterMs: number }
  /** Asked to stop, and killed so many ms later. */
  | { readonly by: 'kill in stop'; readonly moment: Moment; readonly afterMs: number }
  /** Asked to stop, and left to it. */
  | { readonly by: 'stop'; readonly moment: Moment };

/** @param usualStart how long starts take, ms */
export function chooseEnd(random: Random, usualStart: number): End {
  const by = random.weighted({ kill: 30, 'kill at start': 3, 'kill in stop': 2, stop: 2 });
  if (by === 'kill at start') return { by, afterMs: random.below(usualStart) };
  const moment = chooseMoment(random);
  // Right after an answer it shows whether what was answered is on disk.
  const afterMs = moment.at !== 'call' || random.oneIn(2) ? 0 : random.below(8);
  return by === 'stop' ? { by, moment } : { by, moment, afterMs };
}

function chooseMoment(random: Random): Moment {
  const at = random.weighted({ call: 4, answer: 5, news: 2 });
  if (at === 'answer') return { at, kind: random.of(KINDS) };
  if (at === 'news') return { at };
  return { at, number: random.below(random.of([30, 100, 250])) };
}
