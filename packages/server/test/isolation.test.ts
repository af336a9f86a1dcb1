/**
 * Every operation, asked by everybody who has no business there, with ids of theirs, of others and of
 * nobody: what is not yours looks exactly like what is not there, and nothing changes.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { strongTag } from '../src/http/entity-tag.js';
import type { RegisteredOperation } from '@parley/protocol';
import { type CallOptions, DEMO_ACCOUNT, type Reply, steadyHeaders } from './harness.js';
import { audienceOf, pathIdsOf, queryIdsOf } from './isolation/audience.js';
import type { Ids } from './isolation/populate.js';
import { IsolationFixture, OTHER_ACCOUNT } from './isolation/fixture.js';

let fixture: IsolationFixture;
let before: unknown;
beforeAll(async () => {
  fixture = await IsolationFixture.start();
  before = await fixture.state();
}, 60_000);
afterAll(() => fixture.stop());

const nameOf = ({ method, url }: RegisteredOperation) => `${method} ${url}`;

const isForAgents = ({ method, url }: RegisteredOperation) =>
  method === 'GET' &&
  /\/(?:canned-content|canned-responses|categories|status-reasons|workspace-pages)/.test(url);

/** The operations for some audience. */
function operationsFor(...audiences: readonly ReturnType<typeof audienceOf>[]) {
  return fixture.operations.filter((operation) => audiences.includes(audienceOf(operation)));
}

/** Nobody's ids in an account. */
function nobodysIn(account: string): Ids {
  return { ...fixture.nobodys, account };
}

/** An answer without what differs by chance: the ids asked for, its moment and length, and what may still be asked. */
function shown({ status, headers, text }: Reply, asked: readonly Ids[]): unknown {
  const { 'content-length': _, ratelimit: __, ...rest } = steadyHeaders(headers);
  const ids = asked.flatMap(({ records, account, ...own }) => [
    ...Object.values(own),
    ...Object.values(records),
  ]);
  const masked = [...ids]
    // Shorter ones are in everything.
    .filter((id) => id.length > 3)
    .sort((a, b) => b.length - a.length)
    .reduce((all, id) => all.replaceAll(id, '<id>'), text);
  // A tag that is made of the text says what the text says.
  const ofText =
    rest.etag === undefined || rest.etag !== strongTag(text) ? {} : { etag: 'of text' };
  return { status, headers: { ...rest, ...ofText }, text: masked };
}

/**
 * Expects the same refusal whether the ids are somebody's or nobody's, and no change by either.
 * @param somebodys ids that exist, and the same with one that does not
 */
async function requireLookAlike(
  operation: RegisteredOperation,
  credential: CallOptions,
  [somebodys, nobodys]: readonly [Ids, Ids],
  [query, nobodysQuery]: readonly [string, string] = ['', ''],
): Promise<number> {
  const foreign = await fixture.ask(operation, somebodys, credential, query);
  const missing = await fixture.ask(operation, nobodys, credential, nobodysQuery);
  const ids = [somebodys, nobodys, fixture.victim, fixture.abroad, fixture.nobodys];
  expect([nameOf(operation), shown(foreign, ids)]).toEqual([
    nameOf(operation),
    shown(missing, ids),
  ]);
  expect([nameOf(operation), await fixture.state()]).toEqual([nameOf(operation), before]);
  return foreign.status;
}

/**
 * For each id of a path: the ids before it are one's own, it and those after it are another's; and the
 * same with nobody's id in its place.
 */
function places(
  operation: RegisteredOperation,
  own: Ids,
  others: Ids,
): readonly (readonly [Ids, Ids])[] {
  const ids = pathIdsOf(operation);
  return ids.map((at, index) => {
    const mixed = ids
      .slice(index)
      .reduce((all, each) => fixture.mixed(operation, all, each, others), own);
    return [mixed, fixture.mixed(operation, mixed, at, fixture.nobodys)] as const;
  });
}

describe('every operation', { timeout: 120_000 }, () => {
  it('[ISO1] is known by its audience and by what its ids name', () => {
    for (const operation of fixture.operations) {
      audienceOf(operation);
      pathIdsOf(operation);
      queryIdsOf(operation);
    }
    expect(operationsFor('agent').length).toBeGreaterThan(25);
    expect(operationsFor('visitor').length).toBeGreaterThan(20);
    expect(operationsFor('configuration').length).toBeGreaterThan(40);
  });

  it('[ISO2] is 401 without a credential of its kind and account, whatever the ids', async () => {
    const { nobody, garbage, loggedOut, otherAdmin, otherAgent, otherVisitor, visitor, agent2 } =
      fixture.credentials;
    const strangers = [nobody, garbage, { appKey: 'nobodys-key' }, loggedOut];
    const abroad = [otherAdmin, otherAgent, otherVisitor];
    const ids = [fixture.victim, nobodysIn(DEMO_ACCOUNT)] as const;
    for (const operation of operationsFor(
      'agent',
      'user',
      'configuration',
      'supervision',
      'visitor',
    )) {
      const wrongKind = audienceOf(operation) === 'visitor' ? agent2 : visitor;
      for (const credential of [...strangers, ...abroad, wrongKind]) {
        const status = await requireLookAlike(operation, credential, ids);
        expect([nameOf(operation), status]).toEqual([nameOf(operation), 401]);
      }
    }
  });

  it('[ISO3] on an agent’s session is 404 for other agents, at each id of the path', async () => {
    const { agent2 } = fixture.credentials;
    let walked = 0;
    for (const operation of operationsFor('agent')) {
      for (const ids of places(operation, fixture.own, fixture.victim)) {
        const status = await requireLookAlike(operation, agent2, ids);
        expect([nameOf(operation), status]).toEqual([nameOf(operation), 404]);
        walked += 1;
      }
    }
    expect(walked).toBeGreaterThan(40);
  });

  it('[ISO3] on an agent’s session is 404 for managers, administrators and bots too', async () => {
    const { manager, admin, bot } = fixture.credentials;
    const ids = [fixture.victim, nobodysIn(DEMO_ACCOUNT)] as const;
    for (const operation of operationsFor('agent')) {
      for (const credential of [manager, admin, bot]) {
        expect(await requireLookAlike(operation, credential, ids)).toBe(404);
      }
    }
  });

  it('[ISO4] is 404 for ids of another account, at each id of the path', async () => {
    const { agent2, visitor, admin } = fixture.credentials;
    const callers = { agent: agent2, visitor, configuration: admin, supervision: admin } as const;
    for (const [audience, credential] of Object.entries(callers)) {
      for (const operation of operationsFor(audience as keyof typeof callers)) {
        for (const ids of places(operation, fixture.own, fixture.abroad)) {
          const status = await requireLookAlike(operation, credential, ids);
          // A body can be wrong for reasons of its own, the same for both.
          const allowed = operation.operation.body === undefined ? [404] : [400, 404];
          expect([nameOf(operation), allowed]).toEqual([
            nameOf(operation),
            expect.arrayContaining([status]),
          ]);
        }
      }
    }
  });

  it('[ISO5] of the configuration and of supervision refuses agents and bots alike for what is there and what is not', async () => {
    const { agent2, bot } = fixture.credentials;
    const ids = [fixture.victim, nobodysIn(DEMO_ACCOUNT)] as const;
    for (const operation of operationsFor('configuration', 'supervision')) {
      // Agents read canned content, its categories, status reasons and workspace pages: they are made for them.
      if (isForAgents(operation)) continue;
      for (const credential of [agent2, bot]) {
        const status = await requireLookAlike(operation, credential, ids);
        expect([nameOf(operation), status]).toEqual([nameOf(operation), 403]);
      }
    }
  });

  it('[ISO5] of the configuration is for managers to read, not to change', async () => {
    const { manager } = fixture.credentials;
    const ids = [fixture.victim, nobodysIn(DEMO_ACCOUNT)] as const;
    for (const operation of operationsFor('configuration')) {
      if (operation.method === 'GET' || operation.url.endsWith('/query')) continue;
      const status = await requireLookAlike(operation, manager, ids);
      expect([nameOf(operation), status]).toEqual([nameOf(operation), 403]);
    }
  });

  it('[ISO6] takes an id in the query that is another account’s like one that is nobody’s', async () => {
    const { admin, agent2, visitor } = fixture.credentials;
    for (const operation of fixture.operations) {
      const callers: Partial<Record<string, CallOptions>> = {
        visitor,
        reporter: visitor,
        supervision: admin,
      };
      const credential = callers[audienceOf(operation)] ?? agent2;
      // A page that begins a visit: its answer is new each time. See below.
      if (operation.method === 'POST' && operation.url.includes('/engagement/')) continue;
      for (const name of queryIdsOf(operation)) {
        const path = { ...fixture.own, visitor: fixture.abroad.visitor };
        const status = await requireLookAlike(
          operation,
          credential,
          [path, { ...path, visitor: fixture.nobodys.visitor }],
          [`?${name}=${fixture.abroad[name]}`, `?${name}=${fixture.nobodys[name]}`],
        );
        expect([200, 400, 404]).toContain(status);
      }
    }
  });

  it('[ISO6] takes an id in the query that is another agent’s like one that is nobody’s', async () => {
    const { agent2 } = fixture.credentials;
    const names = ['chatSessionKeys', 'sid'] as const;
    let walked = 0;
    for (const operation of operationsFor('agent', 'user')) {
      for (const name of queryIdsOf(operation).filter((each) => names.includes(each as 'sid'))) {
        const path = { ...fixture.own, visitor: fixture.victim.visitor };
        await requireLookAlike(
          operation,
          agent2,
          [path, { ...path, visitor: fixture.nobodys.visitor }],
          [
            `?${name}=${fixture.victim[name as 'sid']}`,
            `?${name}=${fixture.nobodys[name as 'sid']}`,
          ],
        );
        walked += 1;
      }
    }
    expect(walked).toBe(2);
  });

  it('[ISO10] takes an id in its path in one spelling only: any other is 404 and does nothing', async () => {
    const { agent2, visitor, admin, nobody } = fixture.credentials;
    const callers = {
      agent: agent2,
      user: agent2,
      visitor,
      configuration: admin,
      supervision: admin,
    } as const;
    const walked = new Set<string>();
    for (const operation of fixture.operations) {
      const audience = audienceOf(operation);
      const credential = Reflect.get(callers, audience) ?? nobody;
      for (const at of pathIdsOf(operation)) {
        // A visitor's id is a text that visitors choose: another spelling is another visitor.
        if (at === 'visitor') continue;
        for (const respelled of fixture.respelled(operation, fixture.own, at)) {
          const reply = await fixture.ask(operation, respelled, credential);
          const path = fixture.path(operation, respelled);
          const asked = [nameOf(operation), path];
          // A path with a control character is none at all.
          const refused = /%[01][0-9a-f]|%7f/i.test(path) ? 400 : 404;
          expect([...asked, reply.status]).toEqual([...asked, refused]);
        }
        expect([nameOf(operation), await fixture.state()]).toEqual([nameOf(operation), before]);
        walked.add(at);
      }
    }
    const kinds = [
      'session',
      'chat',
      'event',
      'visit',
      'earlier',
      'participant',
      'service',
      'id',
      'offer',
      'channel',
      'suggestion',
      'delegation',
      'approval',
      'user',
    ];
    expect([...walked].sort()).toEqual(kinds.sort());
  });

  it('[ISO7] that brings its credential in the body reveals nothing of who is there', async () => {
    const ids = [fixture.victim, nobodysIn(DEMO_ACCOUNT)] as const;
    for (const operation of operationsFor('login')) {
      const status = await requireLookAlike(operation, fixture.credentials.nobody, ids);
      expect([nameOf(operation), [400, 401]]).toEqual([
        nameOf(operation),
        expect.arrayContaining([status]),
      ]);
    }
  });
});

describe('what cannot be walked', () => {
  /** The same call with an id of the other account and with nobody's; gives the status of both. */
  async function alike(
    credential: CallOptions,
    method: string,
    path: string,
    bodies: readonly [unknown, unknown],
  ): Promise<number> {
    const [abroad, nobodys] = bodies;
    const url = `/${path}`.replace('//', '/');
    const { server } = fixture.fixture;
    const foreign = await server.call(method, url, { ...credential, body: abroad });
    const missing = await server.call(method, url, { ...credential, body: nobodys });
    const plain = ({ status, text }: Reply) => [
      status,
      text.replaceAll(/\b(?:7\d{3}|zo[ez]_abroad)\b/g, '<id>'),
    ];
    expect(plain(foreign)).toEqual(plain(missing));
    expect(await fixture.state()).toEqual(before);
    return foreign.status;
  }

  it('[ISO8] an id in a body that is another account’s is like one that is nobody’s', async () => {
    const { agent2, visitor, admin } = fixture.credentials;
    const { session, chat } = fixture.own;
    const users = '/configuration/le-users/users';
    const own = `/agentSession/${session}/chat/${chat}`;
    const transfer = (to: string, id: number) => ({ transfer: { [to]: { id } } });
    const answer = (id: number) => ({ survey: { id, question: [{ id: 1, answer: 'x' }] } });
    const both = (make: (id: number) => unknown, there: number) =>
      [make(there), make(7777)] as const;

    const to = (kind: string) => (id: number) => transfer(kind, id);
    expect(await alike(agent2, 'POST', `${own}/transfer`, both(to('agent'), 7101))).toBe(409);
    expect(await alike(agent2, 'POST', `${own}/transfer`, both(to('skill'), 7211))).toBe(409);
    expect(await alike(agent2, 'PUT', `${own}/survey`, both(answer, 7401))).toBe(400);
    const exit = `/chat/${chat}/exitSurvey`;
    expect(await alike(visitor, 'PUT', exit, both(answer, 7402))).toBe(400);
    expect(await alike(visitor, 'PUT', '/chat/offlineSurvey', both(answer, 7403))).toBe(400);
    const request = (id: number) => ({ request: { skillId: id } });
    expect(await alike(visitor, 'POST', '/chat/request', both(request, 7211))).toBe(400);
    const named = (agent: string) => ({ request: { agent } });
    const names = [named('zoe_abroad'), named('zoz_abroad')] as const;
    expect(await alike(visitor, 'POST', '/chat/request', names)).toBe(400);

    const withSkill = (id: number) => ({ loginName: 'new', skillIds: [id] });
    const inGroup = (id: number) => ({ loginName: 'new', memberOf: { agentGroupId: id } });
    expect(await alike(admin, 'POST', users, both(withSkill, 7211))).toBe(400);
    expect(await alike(admin, 'POST', users, both(inGroup, 7301))).toBe(400);
    expect(
      await alike(
        admin,
        'DELETE',
        users,
        both((id) => [id], 7101),
      ),
    ).toBe(404);
    const change = (id: number) => [{ id, nickname: 'x' }];
    expect(await alike(admin, 'PUT', users, both(change, 7101))).toBe(404);
  });

  it('[ISO8] a query of the configuration that names another account is 404 or 401', async () => {
    const { admin, otherAdmin } = fixture.credentials;
    const { server } = fixture.fixture;
    const body = { type: 2, parameters: [{ site: OTHER_ACCOUNT }] };
    const path = '/configuration/le-users/users/query';
    expect((await server.call('POST', path, { ...admin, body })).status).toBe(404);
    const plain = `${server.http}/api/account${path}`;
    expect((await server.call('POST', plain, { ...admin, body })).status).toBe(401);
    const mixed = { type: 2, parameters: [{ site: OTHER_ACCOUNT }, { site: DEMO_ACCOUNT }] };
    for (const credential of [admin, otherAdmin]) {
      expect((await server.call('POST', plain, { ...credential, body: mixed })).status).toBe(401);
    }
    expect((await server.call('POST', plain, { ...otherAdmin, body })).status).toBe(200);
  });

  it('[ISO9] a visit of somebody else is not gone on with: a new one begins', async () => {
    const { visitor, admin } = fixture.credentials;
    const { server } = fixture.fixture;
    const { visitor: victim, sid } = fixture.victim;
    const visits = '/app/engagement/visitors';
    const read = () =>
      server.call('GET', `/monitoring/visitors/${victim}/visits/current/state?sid=${sid}`, admin);
    const before = (await read()).text;
    const body = { pages: [{ url: 'https://forged.example.com/' }] };
    for (const path of [`/wim?sid=${sid}`, `/vera?sid=${fixture.abroad.sid}`, `?sid=${sid}`]) {
      const reply = await server.call('POST', visits + path, { ...visitor, body });
      expect(reply.status).toBe(200);
      expect(reply.text).not.toContain(sid);
      expect(reply.text).not.toContain(fixture.abroad.sid);
    }
    const taken = await server.call('PUT', `${visits}/wim?sid=${sid}`, { ...visitor, body });
    expect(taken.status).toBe(404);
    expect((await read()).text).toBe(before);
  });
});
