import { describe, expect, it } from 'vitest';
import { QueueFull } from '../src/auth/fair-queue.js';
import {
  HASH_OF_NOBODY,
  hashPassword,
  passwordProblem,
  verifyPassword,
} from '../src/auth/password.js';

const PARAMETERS = '$argon2id$v=19$m=19456,t=2,p=1$';

describe('passwords', () => {
  it('[PASS1] are hashed with Argon2id, 19 MiB and 2 passes, each with a salt of its own', async () => {
    const [one, two] = await Promise.all([hashPassword('same text'), hashPassword('same text')]);
    expect(one.startsWith(PARAMETERS)).toBe(true);
    expect(one).not.toBe(two);
    expect(await verifyPassword(one, 'same text')).toBe(true);
    expect(await verifyPassword(one, 'other text')).toBe(false);
  });

  it('[PASS2] of unknown users are checked at the same cost, and never right', async () => {
    expect(HASH_OF_NOBODY.startsWith(PARAMETERS)).toBe(true);
    expect(await verifyPassword(null, 'no user has this password')).toBe(false);
  });

  it('[PASS3] wait in a queue of bounded length', async () => {
    const hash = await hashPassword('a good password');
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const checks = Array.from({ length: 503 }, () =>
      verifyPassword(hash, 'a good password', 'one network', async () => {
        await held;
        throw new Error('not admitted');
      }).catch((error: unknown) => error),
    );
    const last = await checks.at(-1);
    expect(last).toBeInstanceOf(QueueFull);
    release();
    const outcomes = await Promise.all(checks);
    expect(outcomes.filter((outcome) => outcome instanceof QueueFull)).toHaveLength(1);
    expect(await verifyPassword(hash, 'a good password')).toBe(true);
  });

  it('[PASS5] are checked by turns of the networks they come from, however many come from one', async () => {
    const hash = await hashPassword('a good password');
    const order: string[] = [];
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const check = (lane: string) =>
      verifyPassword(hash, 'a good password', lane, async () => {
        await gate;
        order.push(lane);
        throw new Error('not looked at further');
      }).catch((error: unknown) => error);
    const flood = Array.from({ length: 502 }, () => check('flood'));
    const others = [check('first'), check('second')];
    open();
    const ended = await Promise.all([...flood, ...others]);
    // Two of the flood ran already; room for the others was made by its newest.
    expect(order.slice(0, 6)).toEqual(['flood', 'flood', 'flood', 'first', 'second', 'flood']);
    expect(ended.map((each) => each instanceof QueueFull)).toEqual([
      ...Array(500).fill(false),
      ...[true, true, false, false],
    ]);
  });

  it.each([
    ['short', '7 chars', 'at least 8'],
    ['long', 'Abcd1'.repeat(60), 'at most 256'],
    ['common', 'PassWord123', 'guessed first'],
    ['repeating', 'ababababab', 'different characters'],
    ['login name', 'agent-one', 'login name'],
  ])('[PASS4] that are %s are refused, saying why', (_, password, why) => {
    expect(passwordProblem(password, 'Agent-One')).toContain(why);
  });

  it.each(['parley-demo', 'correct horse battery staple', 'ü€𝄞漢字かなx', 'x1y2'.repeat(16)])(
    '[PASS4] that are good are taken: %s',
    (password) => {
      expect(passwordProblem(password, 'agent1')).toBeNull();
    },
  );
});
