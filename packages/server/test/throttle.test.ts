/**
 * How fast passwords can be guessed, and whom that holds up: single guessers and botnets against the
 * counts alone, on a clock that the test drives.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Random } from './durability/random.js';
import { FailureBudget } from '../src/auth/failure-budget.js';
import { LoginThrottle, type PasswordAttempt } from '../src/auth/throttle.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

beforeEach(() => {
  // The clock alone: what is over is over by the time it is looked at, swept away or not.
  vi.useFakeTimers({ toFake: ['Date'], now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

const START = 1_700_000_000_000;

/** Guesses at one user in any hour, by name and id together: the sum of what each count lets through. */
const MOST = 609;

const HOME = '198.51.100.7';

function attempt(address: string, more: Partial<PasswordAttempt> = {}): PasswordAttempt {
  return { account: 'shop', by: 'login name', user: 'ann', address, device: null, ...more };
}

/** The n-th of many networks: an IPv4 address, or a network of IPv6. */
function network(n: number): string {
  return n % 2 === 0
    ? `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`
    : `2001:db8:${(n >> 16).toString(16)}:${(n & 0xffff).toString(16)}::1`;
}

/** Whether a wrong password was looked at at all. */
async function guess(throttle: LoginThrottle, made: PasswordAttempt): Promise<boolean> {
  return throttle.hold(made).then(
    () => true,
    () => false,
  );
}

/** Whether a right password was let in. */
async function logIn(throttle: LoginThrottle, made: PasswordAttempt): Promise<boolean> {
  try {
    await throttle.check(made);
    await throttle.succeeded(await throttle.hold(made));
    return true;
  } catch {
    return false;
  }
}

/** When guesses were looked at, ms from the beginning. */
type Looked = number[];

/** The most of them within any such time. */
function mostWithin(looked: Looked, ms: number): number {
  let most = 0;
  let first = 0;
  for (const [last, at] of looked.entries()) {
    while (at - (looked[first] ?? 0) >= ms) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

interface Attack {
  readonly name: string;
  /** Networks that guess, each in its turn. */
  readonly networks: number;
  /** Milliseconds from one guess to the next. */
  readonly every: number;
  readonly hours: number;
}

/** Often enough for each of the networks to be heard before its next turn. */
const ATTACKS: readonly Attack[] = [1, 60, 100, 1_000, 10_000].map((networks) => ({
  name: `${networks} network${networks === 1 ? '' : 's'}`,
  networks,
  every: SECOND,
  hours: 2,
}));

async function attack(
  { networks, every, hours }: Attack,
  each: (address: string, at: number) => Promise<void>,
): Promise<void> {
  const end = hours * HOUR;
  for (let at = 0, n = 0; at < end; at += every, n += 1) {
    vi.setSystemTime(START + at);
    await each(network(n % networks), at);
  }
}

describe('guessing', { timeout: 60_000 }, () => {
  it.each(ATTACKS)(
    '[LOGIN33] by $name is looked at no more than 609 times in any hour',
    async (made) => {
      const now: Looked = [];
      const throttle = new LoginThrottle();
      await attack(made, async (address, at) => {
        // By name and by id at once: whoever knows both may try both.
        if (await guess(throttle, attempt(address))) now.push(at);
        if (await guess(throttle, attempt(address, { by: 'id', user: '101' }))) now.push(at);
      });
      const most = mostWithin(now, HOUR);
      const later = now.filter((at) => at >= HOUR).length;
      console.info(`${made.name}: ${most} guesses in an hour, then ${later}`);
      expect(now.length).toBeGreaterThan(0);
      expect(most).toBeLessThanOrEqual(MOST);
      // Most of them at the beginning, while those who have not guessed yet find room.
      expect(later).toBeLessThan(MOST * 0.8);
    },
  );

  it('[LOGIN33] by one guesser is looked at five times and then every thirty seconds', async () => {
    const throttle = new LoginThrottle();
    const looked: Looked = [];
    const one = { name: '', networks: 1, every: SECOND, hours: 1 };
    await attack(one, async (address, at) => {
      if (await guess(throttle, attempt(address))) looked.push(at);
    });
    expect(looked.slice(0, 8)).toEqual([0, 1, 2, 3, 4, 5, 35, 65].map((at) => at * SECOND));
    expect(looked.length).toBe(5 + 120);
  });
});

describe('a right password', { timeout: 60_000 }, () => {
  it('[LOGIN32] from elsewhere is never held up by a guesser', async () => {
    const throttle = new LoginThrottle();
    let tries = 0;
    await attack({ name: '', networks: 1, every: SECOND, hours: 1 }, async (address, at) => {
      await guess(throttle, attempt(address));
      if (at % (10 * SECOND) !== 0) return;
      // Each time from a network where the user has never been.
      expect(await logIn(throttle, attempt(network(5_000 + tries)))).toBe(true);
      tries += 1;
    });
    expect(tries).toBe(360);
  });

  it.each([3, 60, 100])(
    '[LOGIN32] from elsewhere is never held up by %i networks, once or again',
    async (networks) => {
      const throttle = new LoginThrottle();
      const tries: boolean[] = [];
      await attack({ name: '', networks, every: SECOND / 4, hours: 0.5 }, async (address, at) => {
        await guess(throttle, attempt(address));
        if (at % (10 * SECOND) !== 0) return;
        const elsewhere = attempt(network(50_000 + at / SECOND));
        tries.push(await logIn(throttle, elsewhere));
      });
      expect(tries).toEqual(Array(180).fill(true));
    },
  );

  it('[LOGIN32] from a known device or network is never held up, by no number of networks', async () => {
    for (const made of ATTACKS.slice(3)) {
      const throttle = new LoginThrottle();
      expect(await logIn(throttle, attempt(HOME))).toBe(true);
      await attack({ ...made, hours: 1 }, async (address, at) => {
        await guess(throttle, attempt(address));
        if (at % MINUTE !== 0) return;
        expect(await logIn(throttle, attempt(HOME))).toBe(true);
        const far = network(9_000_000 + at / MINUTE);
        expect(await logIn(throttle, attempt(far, { device: 'the laptop' }))).toBe(true);
      });
    }
  });

  it('[LOGIN32] from where the user is not known waits, behind a thousand networks, for their first guesses alone', async () => {
    const throttle = new LoginThrottle();
    const refused: number[] = [];
    // In no order, so that neither side has the moments at which there is room.
    const random = new Random(7);
    await attack({ name: '', networks: 1, every: SECOND, hours: 9 }, async (_, at) => {
      await guess(throttle, attempt(network(random.below(1_000))));
      if (at % MINUTE !== 0) return;
      if (!(await logIn(throttle, attempt(network(50_000 + at / MINUTE))))) refused.push(at);
    });
    // 880 of them are left after those that were saved up, at two a minute.
    const last = Math.max(...refused);
    console.info(`behind 1,000 networks the last refusal came after ${last / HOUR} hours`);
    expect(last).toBeGreaterThan(HOUR);
    expect(last).toBeLessThan(8 * HOUR);
  });

  it('[LOGIN32] typed wrong a few times is not mistaken for a botnet’s', async () => {
    const throttle = new LoginThrottle();
    const one = { name: '', networks: 1, every: SECOND, hours: 1 };
    await attack(one, async (address, at) => {
      await guess(throttle, attempt(address));
      if (at % (10 * MINUTE) !== 0) return;
      for (let typo = 0; typo < 4; typo += 1) {
        expect(await guess(throttle, attempt(HOME))).toBe(true);
      }
      expect(await logIn(throttle, attempt(HOME))).toBe(true);
    });
  });
});

describe('the counts', () => {
  it('[LOGIN35] of names and of ids are apart: none reveals which id has which name', async () => {
    const throttle = new LoginThrottle();
    for (let n = 0; n < 1_000; n += 1) await guess(throttle, attempt(network(n)));
    expect(await guess(throttle, attempt(HOME))).toBe(false);
    const byId = attempt(HOME, { by: 'id', user: '101' });
    expect(await guess(throttle, byId)).toBe(true);
  });

  it('[LOGIN15] give back what was held for an attempt that came to nothing', async () => {
    const throttle = new LoginThrottle({ perUserAndNetwork: 1 });
    await throttle.withdrawn(await throttle.hold(attempt(HOME)));
    await throttle.withdrawn(await throttle.hold(attempt(HOME)));
    await throttle.hold(attempt(HOME));
    await throttle.hold(attempt(HOME));
    await expect(throttle.hold(attempt(HOME))).rejects.toThrow(/wait \d+ seconds/);
  });

  it('[LOGIN36] are kept in bounded memory: who failed longest ago starts anew', async () => {
    const budget = new FailureBudget({ burst: 1, burstSeconds: 86_400, everySeconds: 600 });
    for (const _ of [1, 2]) await budget.take('first');
    expect((await budget.room('first')).from).toBeNull();
    for (let n = 0; n < 19_999; n += 1) await budget.take(`key ${n}`);
    expect((await budget.room('first')).from).toBeNull();
    await budget.take('one more');
    expect((await budget.room('first')).from).toBe('burst');
    expect((await budget.room('key 1')).from).toBe('steady');
  });
});
