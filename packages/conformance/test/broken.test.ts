/** Servers that break the contract in one thing: the suite finds that thing, and says it readably. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Result, resultLines, runConformance, summaryLine } from '../src/index.js';
import { DEMO, DEMO_SECRETS, DemoServer, parley } from './demo-server.js';
import { everywhere, inJson, type Injection, FaultProxy } from './fault-proxy.js';

let good: DemoServer;
beforeAll(async () => {
  good = await DemoServer.start();
}, 70_000);
afterAll(() => good.stop());

/** Runs a part of the suite against the good server with something spoiled in front of it. */
async function examine(inject: Injection, only: readonly string[]): Promise<readonly Result[]> {
  const faultProxy = await FaultProxy.start(good.http, inject);
  try {
    return await runConformance(good.target(faultProxy.url), { only });
  } finally {
    await faultProxy.stop();
  }
}

const brokenRules = (results: readonly Result[]) => [
  ...new Set(results.filter(({ outcome }) => outcome.state === 'failed').map(({ rule }) => rule)),
];

/** The families in which a spoiled thing could be mistaken for another. */
const FORM = ['LINK', 'WIRE', 'CHAT4', 'VIS8'];

const LINK_ORDER = /"@href":("[^"]*"),"@rel":("[^"]*")/g;

interface Fault {
  readonly name: string;
  readonly inject: Injection;
  readonly only: readonly string[];
  readonly broken: readonly string[];
}

const faults: readonly Fault[] = [
  {
    name: 'no Location',
    inject: ({ headers: { location: _, ...headers }, ...message }) => ({ ...message, headers }),
    only: FORM,
    broken: ['LINK2', 'VIS8'],
  },
  {
    name: '@rel before @href',
    inject: (message) => ({
      ...message,
      text: message.text.replace(LINK_ORDER, '"@rel":$2,"@href":$1'),
    }),
    only: FORM,
    broken: ['WIRE2'],
  },
  {
    name: 'lists of one as lists',
    inject: inJson((body) =>
      everywhere(body, ({ event, ...rest }) => {
        const alone = event !== undefined && !Array.isArray(event) && 'link' in rest;
        return event === undefined ? rest : { ...rest, event: alone ? [event] : event };
      }),
    ),
    only: FORM,
    broken: ['WIRE4', 'CHAT4'],
  },
  {
    name: 'times in UTC, without an offset',
    inject: inJson((body) =>
      everywhere(body, ({ time, ...rest }) =>
        typeof time === 'string' && rest['message'] === undefined
          ? { ...rest, time: new Date(time).toISOString() }
          : time === undefined
            ? rest
            : { ...rest, time },
      ),
    ),
    only: ['TIME', 'ERR', 'LINK'],
    broken: ['TIME1'],
  },
  {
    name: 'errors without internalCode',
    inject: inJson((body) => everywhere(body, ({ internalCode: _, ...rest }) => rest)),
    only: ['ERR', 'AUTH1', 'AUTH2', 'AUTH11'],
    broken: ['ERR4', 'AUTH2'],
  },
  {
    name: '403 for what is another agent’s',
    inject: (message, { url = '' }) =>
      message.status === 404 && /\/agentSession\/\d+/.test(url) && !url.includes('7'.repeat(18))
        ? { ...message, status: 403 }
        : message,
    only: ['AUTH8', 'AUTH11', 'ERR4'],
    broken: ['AUTH8'],
  },
  {
    name: 'no security cookie',
    inject: ({ headers: { 'set-cookie': cookies, ...headers }, ...message }) => ({
      ...message,
      headers: cookies?.some((each) => each.startsWith('session_id'))
        ? { ...headers, 'set-cookie': cookies }
        : headers,
    }),
    only: ['AUTH4', 'AUTH6', 'LOGIN2'],
    broken: ['AUTH4'],
  },
  {
    name: 'links that carry the version',
    inject: inJson((body) =>
      everywhere(body, (object) => {
        const href = object['@href'];
        return typeof href === 'string' && object['@rel'] !== 'location' && !href.includes('?')
          ? { ...object, '@href': `${href}?v=1` }
          : object;
      }),
    ),
    only: ['LINK3', 'LINK6', 'DOM1'],
    broken: ['LINK3'],
  },
  {
    name: 'an availability that lies',
    inject: inJson((body) =>
      everywhere(body, (object) =>
        object['availability'] === false ? { ...object, availability: true } : object,
      ),
    ),
    only: ['VIS2', 'VIS5', 'VIS6'],
    broken: ['VIS2'],
  },
];

describe('a run', { timeout: 60_000 }, () => {
  it('[CONFORM2] ends every login, agent session and chat that it began', async () => {
    const [bearers, sessions, chats] = [new Set<string>(), new Set<string>(), new Set<string>()];
    await examine(
      ({ text, ...message }) => {
        const bearer = /"bearer":"([^"]*)"/.exec(text)?.[1];
        if (bearer !== undefined) bearers.add(bearer);
        const { location = '' } = message.headers;
        if (/\/agentSession\/\d+$/.test(location)) sessions.add(new URL(location).pathname);
        if (/\d\/chat\/H[^/]*$/.test(location)) chats.add(new URL(location).pathname);
        return { ...message, text };
      },
      ['LOGIN3', 'CHAT1', 'XFER22', 'TAKE', 'END'],
    );
    expect([bearers.size, sessions.size > 8, chats.size > 5]).toEqual([4, true, true]);
    const ask = (path: string, authorization: string) =>
      fetch(good.http + path, { headers: { authorization } });
    for (const bearer of bearers) {
      for (const path of sessions) {
        expect((await ask(path, `Bearer ${bearer}`)).status).toBe(401);
      }
    }
    for (const path of [...chats].filter((each) => !each.includes('agentSession'))) {
      const chat = await ask(`${path}/info`, `LivePerson appKey=${DEMO.appKey}`);
      expect(await chat.json()).toHaveProperty('info.state', 'ended');
    }
  });
});

describe('a broken server', { timeout: 60_000 }, () => {
  it.each(faults)('[CONFORM7] is found out: $name', async ({ inject, only, broken }) => {
    const results = await examine(inject, only);
    expect(brokenRules(results).sort()).toEqual([...broken].sort());
    expect(results.length).toBeGreaterThan(broken.length);
  });

  it('[CONFORM7] that is not broken at all, behind the same proxy, is found good', async () => {
    const results = await examine((message) => message, FORM);
    expect(brokenRules(results)).toEqual([]);
  });

  it('[CONFORM8] is reported by rule, expectation, what came, the request and the answer', async () => {
    const noLocation: Injection = ({ headers: { location: _, ...headers }, ...message }) => ({
      ...message,
      headers,
    });
    const results = await examine(noLocation, ['LINK2', 'LINK3']);
    const lines = results.flatMap(resultLines).concat(summaryLine(results));
    const session = '"http://127.0.0.1:\\d+/api/account/12345678/agentSession/\\d+"';
    const patterns = [
      '^ {2}FAIL {2}LINK2 {5}Location is the link of the body$',
      '^ {18}what {6}header location$',
      `^ {18}expected {2}${session}$`,
      '^ {18}got {7}nothing$',
      "^ {18}request {3}curl -sS -i -X POST -H 'Authorization: Bearer \\*\\*\\*' 'http://127.0.0.1:\\d+/api/account/12345678/agentSession\\?v=1&NC=true'$",
      `^ {18}answer {4}201 application/json; charset=utf-8 \\{"agentSessionLocation":.*${session}`,
      '^ {2}pass {2}LINK3 {5}no link carries',
      '^2 checks: 1 passed, 1 failed, 0 skipped. 2 rules, 1 broken: LINK2.$',
    ];
    expect(lines).toEqual(patterns.map((pattern) => expect.stringMatching(pattern)));
  });

  it('[CONFORM8] makes the command end with 1', async () => {
    const faultProxy = await FaultProxy.start(good.http, (message) => ({
      ...message,
      text: message.text.replace(LINK_ORDER, '"@rel":$2,"@href":$1'),
    }));
    const args = ['conformance', faultProxy.url, '--account', DEMO.account, '--user', 'agent1'];
    const variables = { PARLEY_PASSWORD: DEMO.password, PARLEY_APP_KEY: DEMO.appKey };
    const { code, out, err } = await parley([...args, '--only', 'WIRE2,WIRE3'], variables);
    await faultProxy.stop();
    expect([code, err]).toEqual([1, expect.stringContaining('1 of 3 checks failed')]);
    expect(out).toMatch(/FAIL {2}WIRE2 .*\n(.*\n)*.*got {7}@rel\n/);
  });

  it('[CONFORM9] is reported without any password, key, bearer, cookie or csrf token', async () => {
    // Everything fails that expects a status, so that every kind of request and answer is shown.
    const results = await examine(
      (message, { method, url = '' }) => {
        const needed = /\/login\?v=1\.3|\/baseURI|\/info|\/availableAgents/.test(url);
        return needed || (method === 'POST' && url.includes('/agentSession?'))
          ? message
          : { ...message, status: 418 };
      },
      ['LOGIN', 'AUTH', 'SIGN', 'VIS'],
    );
    const lines = results.flatMap(resultLines).join('\n');
    expect(lines).toContain('418');
    expect(lines).toMatch(/Cookie: session_id=\*\*\*/);
    expect(lines).toMatch(/LivePerson appKey=\*\*\*/);
    expect(lines).toMatch(/oauth_consumer_key="\*\*\*"/);
    for (const secret of DEMO_SECRETS) expect(lines).not.toContain(secret);
    // Bearers, csrf tokens and cookies are 64 hex digits.
    expect(lines.match(/[0-9a-f]{64}/g)?.filter((text) => !/^0+$/.test(text)) ?? []).toEqual([]);
  });

  it('[CONFORM10] that answers nothing is waited for no longer than it takes', async () => {
    const faultProxy = await FaultProxy.start('http://127.0.0.1:1', (message) => message);
    const run = runConformance(good.target(faultProxy.url), { only: ['LINK'] });
    await expect(run).rejects.toThrow(/cannot begin.*should be an answer/);
    await faultProxy.stop();
  });
});
