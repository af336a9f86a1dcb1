/**
 * Slows guessing down without locking anybody out.
 *
 * Wrong passwords are counted per user and client network. What a network has left of its own is all
 * that a stranger there can use up: elsewhere nothing changes by it. Against many networks that
 * guess together there are slower counts per user, shared by networks that have not failed yet, by those
 * that failed a few times, and by those that failed often: so a botnet soon stands in line with itself, and
 * who brings the right password from a new network finds room. All of them together allow fewer guesses in
 * an hour than one network alone could make before networks were counted apart. A device or a network from
 * which the user has logged in before is counted by itself and passes all of them.
 *
 * Secrets of app keys cannot be guessed, so a right one always passes; wrong ones are slowed down
 * where they come from. docs/choices.md has the figures.
 */
import { WireError } from '@parley/protocol';
import { networkOf } from '../http/network.js';
import {
  type Budget,
  type BudgetSize,
  FailureBudget,
  type Room,
  type TakenFrom,
} from './failure-budget.js';
import { SharedBudget } from './shared-budget.js';
import { hashToken } from '@parley/configuration/secrets/tokens';

/** How many failures may come at once. */
export interface ThrottleLimits {
  /** Wrong passwords for one user from one network, in a day without a good login. */
  readonly perUserAndNetwork: number;
  /** Wrong passwords for one user from all networks that failed a few times, and where the user is not known. */
  readonly perUser: number;
  /** First wrong passwords for one user, each from another network. */
  readonly firstPerUser: number;
  /** Wrong passwords from one network, whoever is tried, in a minute. */
  readonly perNetwork: number;
  /** Wrong secrets for one app key from one network, in a minute. */
  readonly perKeyAndNetwork: number;
}

const DEFAULT_LIMITS: ThrottleLimits = {
  perUserAndNetwork: 5,
  perUser: 8,
  firstPerUser: 120,
  perNetwork: 40,
  perKeyAndNetwork: 10,
};

/**
 * How a user is named by who proves to be them. The two are counted apart: if they were not, whoever
 * failed by one could see by the other which id has which name.
 */
export type NamedBy = 'login name' | 'id';

/** Somebody who says to be a user, and where from. */
export interface PasswordAttempt {
  readonly account: string;
  readonly by: NamedBy;
  /** The name as it is compared, or the id, whether there is such a user or not. */
  readonly user: string;
  readonly address: string;
  /** The known device of that user which it comes from, if any. */
  readonly device: string | null;
}

/** Somebody who brings an app key with its secret. */
export interface KeyAttempt {
  readonly account: string;
  readonly key: string;
  readonly address: string;
}

/** What an attempt holds until it is known whether the password was right. */
export interface Held {
  readonly attempt: PasswordAttempt;
  readonly taken: readonly (readonly [Budget, string, TakenFrom])[];
}

const DAY = 86_400;
const TEN_MINUTES = 600;
const MINUTE = 60;

/** Clients are asked to wait at least this long, seconds. */
const MIN_WAIT = 5;

/** Networks remembered from which users logged in; beyond, the one longest unused is forgotten. */
const MAX_FAMILIAR = 50_000;

/** The counts of users as one way of naming them has it. */
interface Budgets {
  /** Of one network. */
  readonly own: FailureBudget;
  /** Shared by networks that did not fail within the last day. */
  readonly first: Budget;
  /** Shared by those that failed, and have used up nothing. */
  readonly some: Budget;
  /** Shared by those that have used up what they may fail at once. */
  readonly suspects: Budget;
}

export class LoginThrottle {
  readonly #byName: Budgets;
  readonly #byId: Budgets;
  readonly #perNetwork: FailureBudget;
  readonly #perDevice: FailureBudget;
  readonly #perKey: FailureBudget;
  /** User and network of good logins, longest unused first. */
  readonly #familiar = new Set<string>();

  constructor(limits: Partial<ThrottleLimits> = {}) {
    const { perUserAndNetwork, perUser, firstPerUser, perNetwork, perKeyAndNetwork } = {
      ...DEFAULT_LIMITS,
      ...limits,
    };
    const budget = (burst: number, burstSeconds: number, everySeconds: number) =>
      new FailureBudget({ burst, burstSeconds, everySeconds } satisfies BudgetSize);
    const shared = (saved: number, everySeconds: number) =>
      new SharedBudget({ saved, everySeconds });
    // In an hour, of all three: at most 120 + 120, 8 + 60 and 1 + 180.
    // One network alone fails more slowly than suspects may: it leaves room for another one.
    this.#byName = {
      own: budget(perUserAndNetwork, DAY, 30),
      first: shared(firstPerUser, 30),
      some: shared(perUser, 60),
      suspects: shared(1, 20),
    };
    // Used rarely: by who must change the password before the first login. At most 20 + 6, 3 + 30 and 1 + 60.
    this.#byId = {
      own: budget(Math.ceil((perUserAndNetwork * 3) / 5), DAY, 90),
      first: shared(Math.ceil(firstPerUser / 6), 600),
      some: shared(Math.ceil((perUser * 3) / 8), 120),
      suspects: shared(1, 60),
    };
    this.#perNetwork = budget(perNetwork, MINUTE, 1);
    this.#perDevice = budget(2 * perUserAndNetwork, TEN_MINUTES, 30);
    this.#perKey = budget(perKeyAndNetwork, MINUTE, 6);
  }

  /**
   * Refuses an attempt that has no chance now, before it waits for anything; counts nothing.
   * @throws WireError 429 with `Retry-After`.
   */
  async check(attempt: PasswordAttempt): Promise<void> {
    for await (const [, , room] of this.#way(attempt, 'look')) {
      if (room.from === null) throw tooMany(room.ms);
    }
  }

  /**
   * Counts an attempt as failed until `succeeded` says otherwise, so that attempts of the same moment
   * get no more tries than one after another.
   * @throws WireError 429 with `Retry-After`, when too many like this one failed lately.
   */
  async hold(attempt: PasswordAttempt): Promise<Held> {
    const taken: [Budget, string, TakenFrom][] = [];
    for await (const [budget, key, room] of this.#way(attempt, 'take')) {
      if (room.from === null) {
        await requeue(taken);
        throw tooMany(room.ms);
      }
      taken.push([budget, key, room.from]);
    }
    return { attempt, taken };
  }

  /**
   * The password was right: what the attempt held is given back, and where it came from has failed
   * no more and is known from now on.
   */
  async succeeded({ attempt, taken }: Held): Promise<void> {
    await requeue(taken);
    const key = placeKey(attempt);
    await this.#budgets(attempt).own.forget(key);
    this.#familiar.delete(key);
    this.#familiar.add(key);
    if (this.#familiar.size <= MAX_FAMILIAR) return;
    const [oldest] = this.#familiar;
    if (oldest !== undefined) this.#familiar.delete(oldest);
  }

  /** The attempt ended without an answer to whether the password is right. */
  async withdrawn({ taken }: Held): Promise<void> {
    await requeue(taken);
  }

  /**
   * Counts a wrong secret of an app key. Right ones are not asked about: they always pass.
   * @returns the error to answer in place of the ordinary one after too many; null before
   */
  async wrongKey({ account, key, address }: KeyAttempt): Promise<WireError | null> {
    const room = await this.#perKey.take(keyOf(account, key, networkOf(address)));
    return room.from === null ? tooMany(room.ms) : null;
  }

  /** Every count that an attempt must pass, in order, and whether it does; ends where it does not. */
  async *#way(
    attempt: PasswordAttempt,
    how: 'look' | 'take',
  ): AsyncGenerator<readonly [Budget, string, Room]> {
    const ask = async (budget: Budget, key: string) =>
      [budget, key, await (how === 'take' ? budget.take(key) : budget.room(key))] as const;
    const { account, device } = attempt;
    if (device !== null) {
      yield ask(this.#perDevice, keyOf(account, device));
      return;
    }
    yield ask(this.#perNetwork, networkOf(attempt.address));
    const { own, first, some, suspects } = this.#budgets(attempt);
    const place = placeKey(attempt);
    const atPlace = await ask(own, place);
    yield atPlace;
    if (this.#familiar.has(place)) return;
    const [, , room] = atPlace;
    const isFirst = room.from === 'burst' && room.nth === 1;
    const among = isFirst ? first : room.from === 'burst' ? some : suspects;
    yield ask(among, userKey(attempt));
  }

  #budgets({ by }: PasswordAttempt): Budgets {
    return by === 'id' ? this.#byId : this.#byName;
  }
}

async function requeue(taken: Held['taken']): Promise<void> {
  for (const [budget, key, from] of taken) await budget.requeue(key, from);
}

function tooMany(ms: number): WireError {
  const seconds = Math.max(MIN_WAIT, Math.ceil(ms / 1000));
  return new WireError(
    'loginThrottled',
    `Too many failed logins; wait ${seconds} seconds and try again.`,
    { 'retry-after': String(seconds) },
  );
}

function userKey({ account, by, user }: PasswordAttempt): string {
  return keyOf(account, by, user);
}

function placeKey({ account, by, user, address }: PasswordAttempt): string {
  return keyOf(account, by, user, networkOf(address));
}

/** Of fixed length, whatever a client sends as a name. */
function keyOf(...parts: readonly string[]): string {
  return hashToken(JSON.stringify(parts));
}
