/** The suite against Parley itself: a process of its own, over real TLS. */
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO, DEMO_SECRETS, DemoServer, parley } from './demo-server.js';
import { call } from './calls.js';

let server: DemoServer;
beforeAll(async () => {
  server = await DemoServer.start();
}, 70_000);
afterAll(() => server.stop());

const BOT = {
  PARLEY_BOT_KEY: DEMO.bot.appKey,
  PARLEY_BOT_SECRET: DEMO.bot.secret,
  PARLEY_BOT_TOKEN: DEMO.bot.accessToken,
  PARLEY_BOT_TOKEN_SECRET: DEMO.bot.accessTokenSecret,
};
const VARIABLES = { PARLEY_PASSWORD: DEMO.password, PARLEY_APP_KEY: DEMO.appKey, ...BOT };

function conformance(
  args: readonly string[],
  variables: Readonly<Record<string, string>> = VARIABLES,
) {
  const where = [server.https, '--account', DEMO.account, '--ca', server.caFile];
  const who = ['--user', 'agent1', '--agent2', 'agent2', '--bot', 'bot1'];
  return parley(['conformance', ...where, ...who, ...args], variables);
}

describe('parley conformance', { timeout: 120_000 }, () => {
  it('[CONFORM1] finds that Parley keeps to the contract, over TLS', async () => {
    const { code, out, err } = await conformance([]);
    const failed = out.split('\n').filter((line) => line.startsWith('  FAIL'));
    expect({ failed, err, code }).toEqual({ failed: [], err: '', code: 0 });
    const [, passed] = /checks: (\d+) passed, 0 failed, \d+ skipped/.exec(out) ?? [];
    expect(Number(passed)).toBeGreaterThan(200);
    const reasons = [...out.matchAll(/because {3}(.*)/g)].map(([, reason = '']) => reason);
    for (const reason of reasons) {
      expect(reason).toMatch(/run it with --slow$|^the account has no pre-chat survey$/);
    }
  });

  it('[CONFORM2] leaves nothing behind: no agent online, no chat waiting', async () => {
    expect((await conformance(['--only', 'RING4', '--only', 'SESS'])).code).toBe(0);
    const visitor = `LivePerson appKey=${DEMO.appKey}`;
    const available = await call(server, 'GET', '/chat/availability', visitor);
    expect(available).toBe('{"availability":false}');
    // Whoever comes next would find what still waits ringing: the suite refuses to begin then.
    expect((await conformance(['--only', 'FEED1'])).code).toBe(0);
  });

  it('[CONFORM3] prints the results by rule as JSON', async () => {
    const { code, out } = await conformance(['--json', '--only', 'LINK2', '--only', 'VIS30']);
    expect([code, JSON.parse(out)]).toEqual([
      0,
      {
        server: server.https,
        account: DEMO.account,
        counts: { passed: 1, failed: 0, skipped: 1 },
        rules: [
          {
            rule: 'LINK2',
            state: 'passed',
            checks: [
              {
                chapter: 'Addresses, versions, methods, links',
                title: 'Location is the link of the body',
                outcome: { state: 'passed' },
                took: expect.any(Number),
              },
            ],
          },
          {
            rule: 'VIS30',
            state: 'skipped',
            checks: [
              expect.objectContaining({
                outcome: {
                  state: 'skipped',
                  reason: 'it takes 12 s of real time; run it with --slow',
                },
              }),
            ],
          },
        ],
      },
    ]);
  });

  it('[CONFORM4] examines one rule or one family only, and names them when there is none', async () => {
    const family = await conformance(['--only', 'link,url2']);
    expect(family.code).toBe(0);
    expect(family.out.match(/^ {2}pass {2}\w+/gm)).toEqual([
      '  pass  URL2',
      '  pass  LINK1',
      '  pass  LINK2',
      '  pass  LINK3',
      '  pass  LINK6',
    ]);
    const none = await conformance(['--only', 'TEA1']);
    expect([none.code, none.err]).toEqual([1, expect.stringContaining('No check proves TEA1')]);
    expect(none.err).toContain('RING');
  });

  it('[CONFORM5] skips what needs a second agent or a bot when there is none, saying so', async () => {
    const where = [server.https, '--account', DEMO.account, '--ca', server.caFile];
    const only = ['--only', 'XFER22', '--only', 'SIGN4', '--only', 'RING4'];
    const { code, out } = await parley(
      ['conformance', ...where, '--user', 'agent1', ...only],
      VARIABLES,
    );
    expect(code).toBe(0);
    expect(out).toMatch(/skip {2}XFER22 .*\n +because {3}it needs a second agent/);
    expect(out).toMatch(/skip {2}SIGN4 .*\n +because {3}it needs a bot's app key/);
    expect(out).toContain('4 checks: 1 passed, 0 failed, 3 skipped. 3 rules, none broken.');
  });

  type Case = readonly [string, readonly string[], Readonly<Record<string, string>>, RegExp];
  it.each<Case>([
    ['no server', ['http://127.0.0.1:1'], {}, /cannot begin.*an answer.*ECONNREFUSED/],
    ['a wrong password', [], { PARLEY_PASSWORD: 'wrong-one' }, /login of agent1 .* 401/],
    [
      'a wrong app key',
      [],
      { PARLEY_APP_KEY: 'wrong-one' },
      /^parley: The app key was answered 401: .* PARLEY_APP_KEY or --app-key\.$/m,
    ],
    [
      'a name that no host has',
      ['https://no-such-host.invalid'],
      {},
      /an answer, but it is .*(no host of that name|could not be looked up)\)\. Check that a server runs/,
    ],
    ['what is no address', ['localhost'], {}, /"localhost" is not the address of a server/],
    ['an address with a path', ['https://x/y'], {}, /is not the address of a server/],
    ['no password', [], { PARLEY_PASSWORD: '' }, /PARLEY_PASSWORD/],
    ['half a bot', ['--bot', 'bot1'], { PARLEY_BOT_KEY: '' }, /--bot bot1 needs --bot-key/],
    ['a missing authority', ['--ca', '/no/such.pem'], {}, /\/no\/such\.pem cannot be read/],
    ['another account', ['--account', 'nobody'], {}, /cannot begin.*404/],
  ])('[CONFORM6] says why it cannot begin: %s', async (_, args, variables, words) => {
    const given = args.some((each) => /^http|^localhost/.test(each)) ? [] : [server.https];
    const account = args.includes('--account') ? [] : ['--account', DEMO.account];
    const ca = args.includes('--ca') ? [] : ['--ca', server.caFile];
    const all = ['conformance', ...given, ...args, ...account, ...ca, '--user', 'agent1'];
    const { code, out, err } = await parley(all, { ...VARIABLES, ...variables });
    expect(code).toBe(1);
    expect(err).toMatch(words);
    expect(err).not.toContain('    at ');
    for (const secret of [...DEMO_SECRETS, 'wrong-one']) expect(out + err).not.toContain(secret);
  });

  it.each<readonly [string, (server: DemoServer) => readonly string[], RegExp]>([
    [
      'an authority that was not named',
      ({ https }) => [https],
      /but it is a certificate that is not trusted \(.+\): name its authority with --ca\./,
    ],
    [
      'TLS at a port for plain HTTP',
      ({ http }) => [http.replace('http:', 'https:')],
      /but it is EPROTO \(that port does not speak TLS, try http:\/\/\)\./,
    ],
    [
      'plain HTTP at a port for TLS',
      ({ https }) => [https.replace('https:', 'http:')],
      /it is 400 This port speaks HTTPS only: use an address that begins with https:\/\//,
    ],
  ])('[CONFORM6] says what is likely behind a failed connection: %s', async (_, at, words) => {
    const who = ['--account', DEMO.account, '--user', 'agent1'];
    const { code, err } = await parley(['conformance', ...at(server), ...who], VARIABLES);
    expect(code).toBe(1);
    expect(err).toMatch(words);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  it('[CONFORM6] shows only the beginning of a page that is none of ours', async () => {
    const other = createServer((_, response) => {
      response.setHeader('Content-Type', 'text/html').end(`<p>\n${'hello '.repeat(5000)}`);
    });
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => resolve(Number(Object(other.address()).port)));
    });
    const where = [`http://127.0.0.1:${port}`, '--account', DEMO.account, '--user', 'agent1'];
    const { code, err } = await parley(['conformance', ...where], VARIABLES);
    other.close();
    expect(code).toBe(1);
    expect(err).toMatch(/should be 200 with a baseURI, but it is 200 <p> hello .*…\. Check that/);
    expect(err.length).toBeLessThan(700);
  });

  it('[CONFORM6] does not begin while somebody else is at work in the account', async () => {
    const agent2 = { username: 'agent2', password: DEMO.password };
    const { bearer } = JSON.parse(await call(server, 'POST', '/login', '', agent2));
    await call(server, 'POST', '/agentSession?NC=true', `Bearer ${bearer}`);
    const where = [server.https, '--account', DEMO.account, '--ca', server.caFile];
    const { code, err } = await parley(['conformance', ...where, '--user', 'agent1'], VARIABLES);
    expect([code, err]).toEqual([1, expect.stringContaining('agent2 would take the suite')]);
    // The second agent of the suite may be in: the suite takes over.
    expect((await conformance(['--only', 'FEED1'])).code).toBe(0);
  });
});
