/** What goes wrong on the way between clients and the server, and how often. */
import { type Duration, milliseconds } from './duration.js';

/** Chances are from 0 to 1, of each request; what is left out does not happen. */
export interface Faults {
  /** Takes time, up to `delayUpTo` each way. */
  readonly delay?: number;
  /** 2 s by default. */
  readonly delayUpTo?: Duration;
  /** Is lost: half of them with what they ask for done, half without; half unnoticed. Streams break, too. */
  readonly drop?: number;
  /** Arrives twice. */
  readonly duplicate?: number;
  /** Is answered 429 by something in between, with `Retry-After`. */
  readonly tooMany?: number;
  /** Is answered 502 or 503 by something in between. */
  readonly serverErrors?: number;
  /** Kills the bot again and again; it starts again after `downFor`. */
  readonly crashBotEvery?: Duration;
  /** The same of the server. */
  readonly crashServerEvery?: Duration;
  /** 5 s by default. */
  readonly downFor?: Duration;
}

const CHANCES = ['delay', 'drop', 'duplicate', 'tooMany', 'serverErrors'] as const;

/** @throws TypeError naming the fault that cannot be. */
export function checkFaults(faults: Faults): void {
  for (const name of CHANCES) {
    const chance = faults[name];
    if (chance === undefined || (chance >= 0 && chance <= 1)) continue;
    throw new TypeError(`faults.${name} is ${chance}: a chance is a number from 0 to 1.`);
  }
  for (const name of ['delayUpTo', 'crashBotEvery', 'crashServerEvery', 'downFor'] as const) {
    const duration = faults[name];
    if (duration !== undefined && milliseconds(duration) === 0) {
      throw new TypeError(`faults.${name} is 0: leave it out, or say how long.`);
    }
  }
  const known = new Set<string>([...CHANCES, 'delayUpTo', 'crashBotEvery', 'crashServerEvery']);
  const unknown = Object.keys(faults).find((name) => !known.add('downFor').has(name));
  if (unknown === undefined) return;
  throw new TypeError(`There is no fault "${unknown}". There are: ${[...known].join(', ')}.`);
}

/** What becomes of one request. */
export interface Fate {
  /** Ms before it arrives, and before its answer does. */
  readonly delays: readonly [there: number, back: number];
  readonly lost: 'request' | 'answer' | null;
  /** Whether whoever sent it hears of the loss at once. */
  readonly reset: boolean;
  readonly twice: boolean;
  /** Answered by something in between. */
  readonly refused: 429 | 502 | 503 | null;
  /** Ms after which a stream breaks; null: it does not. */
  readonly breaks: number | null;
}

export const NO_FATE: Fate = {
  delays: [0, 0],
  lost: null,
  reset: false,
  twice: false,
  refused: null,
  breaks: null,
};

/** A stream that will break does so within this, ms. */
const BREAKS_WITHIN = 10 * 60_000;

export function fateOf(faults: Faults, random: () => number): Fate {
  const { delay = 0, drop = 0, duplicate = 0, tooMany = 0, serverErrors = 0 } = faults;
  const most = milliseconds(faults.delayUpTo ?? '2s');
  const happens = (chance: number) => chance > 0 && random() < chance;
  const isLost = happens(drop);
  const refused = happens(tooMany)
    ? 429
    : happens(serverErrors)
      ? happens(0.5)
        ? 502
        : 503
      : null;
  return {
    delays: happens(delay) ? [random() * most, random() * most] : [0, 0],
    lost: isLost ? (happens(0.5) ? 'request' : 'answer') : null,
    reset: isLost && happens(0.5),
    twice: happens(duplicate),
    refused,
    breaks: drop > 0 && random() < Math.min(1, drop * 5) ? random() * BREAKS_WITHIN : null,
  };
}
