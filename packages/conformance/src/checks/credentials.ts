/** Who may call. */
import type { Answer } from '../answer.js';
import { type Chapter, check } from '../check.js';
import { aText, containing, oneOf } from '../expectation.js';
import { locationOf } from '../actors.js';
import type { Fixture, Who } from '../scenario.js';

/** What a browser or an HTTP library would send along with a request to a URL. */
class CookieJar {
  readonly #cookies: { readonly pair: string; readonly path: string }[] = [];

  keep(answer: Answer): void {
    for (const line of answer.setCookies()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const path = attributes.find((each) => /^path=/i.test(each))?.slice(5) ?? '/';
      this.#cookies.push({ pair, path });
    }
  }

  /** The `Cookie` header for a URL, by the rules of RFC 6265 for paths. */
  for(url: string): string {
    const { pathname } = new URL(url);
    return this.#cookies
      .filter(({ path }) => pathname === path || pathname.startsWith(path.replace(/\/?$/, '/')))
      .map(({ pair }) => pair)
      .join('; ');
  }
}

/** Opens an agent session with a cookie; the jar keeps it. */
async function openWithCookie(
  fixture: Fixture,
  jar: CookieJar,
  who: Who = 'agent',
): Promise<string> {
  const headers = { Authorization: `Bearer ${fixture.bearer(who)}` };
  const answer = (await fixture.ask('POST', '/agentSession?v=1', { headers })).is(201);
  jar.keep(answer);
  const uri = locationOf(answer, 'agentSessionLocation.link');
  fixture.sessionAt(uri, who, jar.for(uri));
  return uri;
}

function asking(
  fixture: Fixture,
  uri: string,
  cookie: string,
  who: Who = 'agent',
): Promise<Answer> {
  const sent = cookie === '' ? {} : { Cookie: cookie };
  const headers = { Authorization: `Bearer ${fixture.bearer(who)}`, ...sent };
  return fixture.ask('GET', `${uri}?v=1`, { headers });
}

/** In the form of a chat's id, but nobody's. */
const NO_CHAT = `H1-${'0'.repeat(32)}K1`;

function idOf(uri: string): string {
  return uri.slice(uri.lastIndexOf('/') + 1);
}

/** Expects 404 for both, and that nothing but the ids shows which of the two exists. */
function sameRefusal(foreign: Answer, missing: Answer, ids: readonly string[]): void {
  const words = (answer: Answer) =>
    ids.reduce(
      (text, id) => text.replaceAll(id, 'ID'),
      `${answer.at('error.internalCode')} ${answer.at('error.message')}`,
    );
  missing.refuses(404);
  foreign.refuses(404);
  if (words(foreign) === words(missing)) return;
  throw foreign.mismatch(
    'the refusal',
    `as for what is not there: ${words(missing)}`,
    words(foreign),
  );
}

export const credentials: Chapter = {
  title: 'Credentials',
  checks: [
    check('AUTH1', 'the bearer’s header name and scheme are case-insensitive', async (fixture) => {
      const agent = await fixture.session();
      for (const [name, scheme] of [
        ['authorization', 'bearer'],
        ['AUTHORIZATION', 'BEARER'],
      ] as const) {
        const headers = { [name]: `${scheme} ${fixture.bearer()}` };
        (await fixture.ask('GET', fixture.asAgent(agent.uri), { headers })).is(200);
      }
    }),
    check(
      'AUTH2',
      'no, an unknown or a malformed bearer is 401 with internalCode 10',
      async (fixture) => {
        const agent = await fixture.session();
        const url = fixture.asAgent(agent.uri);
        (await fixture.ask('GET', url)).refuses(401, 10);
        for (const Authorization of [`Bearer ${'0'.repeat(64)}`, 'Bearer', 'Basic YTpi']) {
          (await fixture.ask('GET', url, { headers: { Authorization } })).refuses(401, 10);
        }
      },
    ),
    check(
      'AUTH4',
      'opening without NC=true sets a HttpOnly, Secure, SameSite=None cookie',
      async (fixture) => {
        const headers = { Authorization: `Bearer ${fixture.bearer()}` };
        const answer = (await fixture.ask('POST', '/agentSession?v=1', { headers })).is(201);
        const uri = locationOf(answer, 'agentSessionLocation.link');
        const [pair = '', ...rest] = (answer.setCookies()[0] ?? '').split(/; */);
        fixture.sessionAt(uri, 'agent', pair);
        const path = new URL(uri).pathname;
        for (const wanted of ['HttpOnly', 'Secure', 'SameSite=None', `Path=${path}`]) {
          if (rest.some((each) => each.toLowerCase() === wanted.toLowerCase())) continue;
          throw answer.mismatch('header set-cookie', wanted, rest.join('; ') || 'no cookie');
        }
      },
    ),
    check(
      'AUTH5',
      'every later request to that session must bring the cookie: 401',
      async (fixture) => {
        const jar = new CookieJar();
        const uri = await openWithCookie(fixture, jar);
        (await asking(fixture, uri, jar.for(uri))).is(200);
        (await asking(fixture, uri, '')).refuses(401);
        (await asking(fixture, `${uri}/incomingRequests`, '')).refuses(401);
        (await asking(fixture, `${uri}/incomingRequests`, jar.for(uri))).is(200);
      },
    ),
    check('AUTH6', 'NC=true turns the cookie off for that session', async (fixture) => {
      const headers = { Authorization: `Bearer ${fixture.bearer()}` };
      const answer = await fixture.ask('POST', '/agentSession?v=1&NC=true', { headers });
      const uri = locationOf(answer.is(201), 'agentSessionLocation.link');
      fixture.sessionAt(uri);
      if (answer.setCookies().length > 0) {
        throw answer.mismatch('header set-cookie', 'nothing', 'a cookie');
      }
      (await asking(fixture, uri, '')).is(200);
    }),
    check('AUTH3', 'two sessions in one cookie jar each send their own cookie', async (fixture) => {
      fixture.facts('agent2');
      const jar = new CookieJar();
      const first = await openWithCookie(fixture, jar, 'agent');
      const second = await openWithCookie(fixture, jar, 'agent2');
      (await asking(fixture, first, jar.for(first), 'agent')).is(200);
      (await asking(fixture, second, jar.for(second), 'agent2')).is(200);
      (await asking(fixture, first, jar.for(second), 'agent')).refuses(401);
    }),
    check(
      'AUTH7',
      'after logout the bearer is worth nothing and the agent session is gone',
      async (fixture) => {
        const login = await fixture.logIn();
        const bearer = String(login.at('bearer'));
        const opened = await fixture.user(bearer).post('/agentSession');
        const uri = locationOf(opened, 'agentSessionLocation.link');
        const csrf = String(login.at('csrf'));
        const cookie = `session_id=${login.cookie('session_id')}`;
        (await fixture.logout({ bearer, csrf, cookie })).is(200);
        (await fixture.user(bearer).get(uri)).refuses(401, 10);
        (await fixture.user().get(uri)).is(404);
      },
    ),
    check(
      'AUTH8',
      'another agent’s session is 404, like one that is not there',
      async (fixture) => {
        const other = await fixture.session('agent2');
        const agent = await fixture.session();
        const none = `${fixture.api}/agentSession/${'7'.repeat(idOf(other.uri).length)}`;
        for (const path of ['', '/info', '/incomingRequests', '/availableAgents']) {
          sameRefusal(await agent.get(other.uri + path), await agent.get(none + path), [
            idOf(other.uri),
            idOf(none),
          ]);
        }
      },
    ),
    check('AUTH8', 'another agent’s chat is 404, like one that is not there', async (fixture) => {
      const { chat } = await fixture.acceptedChat();
      const other = await fixture.session('agent2');
      for (const path of ['', '/events', '/info', '/transfer']) {
        const foreign = await other.get(`/chat/${chat.id}${path}`);
        sameRefusal(foreign, await other.get(`/chat/${NO_CHAT}${path}`), [chat.id, NO_CHAT]);
        (await other.get(chat.uri + path)).refuses(404);
      }
      const line = { event: { '@type': 'line', text: 'not my chat' } };
      const before = await chat.story();
      (await other.post(`/chat/${chat.id}/events`, line)).refuses(404);
      await chat.shows(before);
    }),
    check('AUTH8', 'a chat that only rings is not there until it is accepted', async (fixture) => {
      const agent = await fixture.session();
      const visitor = await fixture.chat();
      await agent.rings();
      (await agent.get(`/chat/${visitor.id}`)).refuses(404);
    }),
    check('AUTH11', 'a visitor’s app key stands in the header or in the query', async (fixture) => {
      const path = '/chat/availability?v=1';
      const { appKey } = fixture.target;
      (await fixture.ask('GET', path, { headers: fixture.key() })).is(200);
      const query = `&appKey=${encodeURIComponent(appKey)}`;
      (await fixture.ask('GET', path + query)).is(200).has('availability', oneOf(true, false));
    }),
    check(
      'AUTH12',
      'no or an unknown app key is 401, also with a chat’s address',
      async (fixture) => {
        const visitor = await fixture.chat();
        const wrong = { Authorization: 'LivePerson appKey=not-a-key-of-anybody' };
        for (const url of [
          `${fixture.api}/chat/availability`,
          visitor.uri,
          `${visitor.uri}/events`,
        ]) {
          (await fixture.ask('GET', `${url}?v=1`)).refuses(401);
          (await fixture.ask('GET', `${url}?v=1`, { headers: wrong })).refuses(401);
        }
      },
    ),
    check(
      'VIS27',
      'an app key opens no agent’s address, and a bearer no visitor’s',
      async (fixture) => {
        const { agent, visitor } = await fixture.acceptedChat();
        (await fixture.visitor.get(agent.uri)).refuses(401);
        (await fixture.user().get(visitor.uri)).refuses(401);
      },
    ),
    check(
      'CORS1',
      'pages of any origin may use visitor resources; Location is exposed',
      async (fixture) => {
        const Origin = 'https://shop.example.com';
        const answer = (await fixture.visitor.get('/chat/availability', { Origin })).is(200);
        answer.header('access-control-allow-origin', oneOf('*', Origin));
        answer.header('access-control-expose-headers', containing('Location'));
      },
    ),
    check(
      'CORS4',
      'a preflight needs no credential, and names methods and headers',
      async (fixture) => {
        const headers = {
          Origin: 'https://shop.example.com',
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'authorization,content-type',
        };
        const answer = (await fixture.ask('OPTIONS', '/chat/request', { headers })).is(200, 204);
        answer.header('access-control-allow-origin', aText);
        answer.header('access-control-allow-methods', containing('POST'));
        answer.header('access-control-allow-headers', containing('authorization'));
      },
    ),
    check(
      'CORS2',
      'the agent API is closed to pages of origins that the account does not list',
      async (fixture) => {
        const agent = await fixture.session();
        const Origin = 'https://nobody-lists-this.example';
        const answer = (await agent.get('', { Origin })).is(200);
        if (answer.headers['access-control-allow-origin'] !== undefined) {
          const got = String(answer.headers['access-control-allow-origin']);
          throw answer.mismatch('header access-control-allow-origin', 'nothing', got);
        }
      },
    ),
  ],
};
