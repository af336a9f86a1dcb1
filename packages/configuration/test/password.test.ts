import { describe, expect, it } from 'vitest';
import { QueueFull } from '@parley/configuration/secrets/fair-queue';
import {
  HASH_OF_NOBODY,
  hashPassword,
  passwordProblem,
  verifyPassword,
} from '@parley/configuration/secrets/password';

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
        throw new Error('not begun');
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

  const problem = (password: string) => passwordProblem(password, 'Agent-One', 'The_Shop');

  it.each([
    ['short', '7 chars', 'at least 8'],
    ['long', 'Abcd1'.repeat(60), 'at most 256'],
    ['common', 'PassWord123', 'guessed first'],
    ['repeating', 'ababababab', 'different characters'],
    ['login name', 'agent-one', 'login name'],
  ])('[PASS4] that are %s are refused, saying why', async (_, password, why) => {
    expect(await problem(password)).toContain(why);
  });

  it.each([
    'parley-demo',
    'correct horse battery staple',
    'ü€𝄞漢字かなx',
    'k3bR.9xW',
    'xV7-pQ2_mZ',
  ])('[PASS4] that are good are taken: %s', async (password) => {
    expect(await problem(password)).toBeNull();
  });

  it.each([
    ['P@ssw0rd1', 'common passwords or words'],
    ['p4$$W0RD!', 'common passwords or words'],
    ['ｐａｓｓｗｏｒｄ１', 'common passwords or words'],
    ['drowssap1', 'common passwords or words'],
    ['Summer2025', 'common passwords or words and years'],
    ['Winter2024!', 'common passwords or words'],
    ['Welcome2024!', 'common passwords or words'],
    ['letmein!!', 'common passwords or words'],
    ['Qwertz12345', 'guessed first'],
    ['qwer1234!@#$', 'guessed first'],
    ['12.05.1987', 'dates'],
    ['abcdefgh1', 'guessed first'],
    ['x1y2'.repeat(16), 'repetitions'],
    ['contraseña1', 'common passwords or words'],
    ['livechat2025', 'common passwords or words and years'],
    ['agent-one1', 'names of the user or the account'],
    ['the_shop2025', 'names of the user or the account and years'],
    ['passwordpasswordpassword', 'repetitions'],
  ])(
    '[PASS6] that are variants of what is guessed first are refused, saying what they are made of: %s',
    async (password, why) => {
      const message = await problem(password);
      expect(message).toContain(why);
      expect(message).toContain('choose a longer one');
      expect(message?.toLowerCase()).not.toContain(password.toLowerCase());
    },
  );

  it('[PASS6] of which one end is good are good, however the other is', async () => {
    expect(await problem('passwordpasswordpassword k3bR.9xW')).toBeNull();
    expect(await problem('k3bR.9xW~uT5 passwordpasswordpassword')).toBeNull();
  });

  it('[PASS7] are looked at in bounded time, however long and made they are', async () => {
    await problem('loads the lists');
    const hostile = [
      ...['a@', 'p4$$w0rd', '1i|l!', '4@8({[3€69!1|0$57%2', '19872025', 'qwertz', 'aA1!'],
      ...['\u{1d552}\u{1d553}', 'ﷺ', 'éàü', '٠١٢٣'],
    ].map((text) => [...text.repeat(256)].slice(0, 256).join(''));
    // Processor time: others may be busy on this machine.
    const spent: number[] = [];
    for (const password of hostile) {
      const before = process.cpuUsage();
      await problem(password);
      const { user, system } = process.cpuUsage(before);
      spent.push((user + system) / 1000);
    }
    const [median = 0] = spent.sort((a, b) => a - b).slice(spent.length / 2);
    expect(median).toBeLessThan(20);
    expect(Math.max(...spent)).toBeLessThan(100);
  });
});
