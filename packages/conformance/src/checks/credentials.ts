/** Who may call (wire.md, "Authentication modes"). */
import type { Answer } from '../answer.js';
import { type Chapter, check } from '../check.js';
import { aText, containing, oneOf } from '../expectation.js';
import { locationOf } from '../parties.js';
import type { Scene, Who } from '../scene.js';

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
async function openWithCookie(scene: Scene, jar: CookieJar, who: Who = 'agent'): Promise<string> {
  const headers = { Authorization: `Bearer ${scene.bearer(who)}` };
  const answer = (await scene.ask('POST', '/agentSession?v=1', { headers })).is(201);
  jar.keep(answer);
  const uri = locationOf(answer, 'agentSessionLocation.link');
  scene.sessionAt(uri, who, jar.for(uri));
  return uri;
}

function asking(scene: Scene, uri: string, cookie: string, who: Who = 'agent'): Promise<Answer> {
  const sent = cookie === '' ? {} : { Cookie: cookie };
  const headers = { Authorization: `Bearer ${scene.bearer(who)}`, ...sent };
  return scene.ask('GET', `${uri}?v=1`, { headers });
}

/** In the form of a chat's id, but nobody's. */
const NO_CHAT = `H1-${'0'.repeat(32)}K1`;

function idOf(uri: string): string {
  return uri.slice(uri.lastIndexOf('/') + 1);
}

/** Expects 404 for both, and that nothing but the ids tells which of the two exists. */
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
    check('AUTH1', 'the bearer’s header name and scheme are case-insensitive', async (scene) => {
      const agent = await scene.session();
      for (const [name, scheme] of [
        ['authorization', 'bearer'],
        ['AUTHORIZATION', 'BEARER'],
      ] as const) {
        const headers = { [name]: `${scheme} ${scene.bearer()}` };
        (await scene.ask('GET', scene.asAgent(agent.uri), { headers })).is(200);
      }
    }),
    check(
      'AUTH2',
      'no, an unknown or a malformed bearer is 401 with internalCode 10',
      async (scene) => {
        const agent = await scene.session();
        const url = scene.asAgent(agent.uri);
        (await scene.ask('GET', url)).refuses(401, 10);
        for (const Authorization of [`Bearer ${'0'.repeat(64)}`, 'Bearer', 'Basic YTpi']) {
          (await scene.ask('GET', url, { headers: { Authorization } })).refuses(401, 10);
        }
      },
    ),
    check(
      'AUTH4',
      'opening without NC=true sets a HttpOnly, Secure, SameSite=None cookie',
      async (scene) => {
        const headers = { Authorization: `Bearer ${scene.bearer()}` };
        const answer = (await scene.ask('POST', '/agentSession?v=1', { headers })).is(201);
        const uri = locationOf(answer, 'agentSessionLocation.link');
        const [pair = '', ...rest] = (answer.setCookies()[0] ?? '').split(/; */);
        scene.sessionAt(uri, 'agent', pair);
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
      async (scene) => {
        const jar = new CookieJar();
        const uri = await openWithCookie(scene, jar);
        (await asking(scene, uri, jar.for(uri))).is(200);
        (await asking(scene, uri, '')).refuses(401);
        (await asking(scene, `${uri}/incomingRequests`, '')).refuses(401);
        (await asking(scene, `${uri}/incomingRequests`, jar.for(uri))).is(200);
      },
    ),
    check('AUTH6', 'NC=true turns the cookie off for that session', async (scene) => {
      const headers = { Authorization: `Bearer ${scene.bearer()}` };
      const answer = await scene.ask('POST', '/agentSession?v=1&NC=true', { headers });
      const uri = locationOf(answer.is(201), 'agentSessionLocation.link');
      scene.sessionAt(uri);
      if (answer.setCookies().length > 0) {
        throw answer.mismatch('header set-cookie', 'nothing', 'a cookie');
      }
      (await asking(scene, uri, '')).is(200);
    }),
    check('AUTH3', 'two sessions in one cookie jar each send their own cookie', async (scene) => {
      scene.facts('agent2');
      const jar = new CookieJar();
      const first = await openWithCookie(scene, jar, 'agent');
      const second = await openWithCookie(scene, jar, 'agent2');
      (await asking(scene, first, jar.for(first), 'agent')).is(200);
      (await asking(scene, second, jar.for(second), 'agent2')).is(200);
      (await asking(scene, first, jar.for(second), 'agent')).refuses(401);
    }),
    check(
      'AUTH7',
      'after logout the bearer is worth nothing and the agent session is gone',
      async (scene) => {
        const login = await scene.logIn();
        const bearer = String(login.at('bearer'));
        const opened = await scene.user(bearer).post('/agentSession');
        const uri = locationOf(opened, 'agentSessionLocation.link');
        const csrf = String(login.at('csrf'));
        const cookie = `session_id=${login.cookie('session_id')}`;
        (await scene.logout({ bearer, csrf, cookie })).is(200);
        (await scene.user(bearer).get(uri)).refuses(401, 10);
        (await scene.user().get(uri)).is(404);
      },
    ),
    check('AUTH8', 'another agent’s session is 404, like one that is not there', async (scene) => {
      const other = await scene.session('agent2');
      const agent = await scene.session();
      const none = `${scene.api}/agentSession/${'7'.repeat(idOf(other.uri).length)}`;
      for (const path of ['', '/info', '/incomingRequests', '/availableAgents']) {
        sameRefusal(await agent.get(other.uri + path), await agent.get(none + path), [
          idOf(other.uri),
          idOf(none),
        ]);
      }
    }),
    check('AUTH8', 'another agent’s chat is 404, like one that is not there', async (scene) => {
      const { chat } = await scene.talk();
      const other = await scene.session('agent2');
      for (const path of ['', '/events', '/info', '/transfer']) {
        const foreign = await other.get(`/chat/${chat.id}${path}`);
        sameRefusal(foreign, await other.get(`/chat/${NO_CHAT}${path}`), [chat.id, NO_CHAT]);
        (await other.get(chat.uri + path)).refuses(404);
      }
      const line = { event: { '@type': 'line', text: 'not my chat' } };
      const before = await chat.story();
      (await other.post(`/chat/${chat.id}/events`, line)).refuses(404);
      await chat.tells(before);
    }),
    check('AUTH8', 'a chat that only rings is not there until it is accepted', async (scene) => {
      const agent = await scene.session();
      const visitor = await scene.chat();
      await agent.rings();
      (await agent.get(`/chat/${visitor.id}`)).refuses(404);
    }),
    check('AUTH11', 'a visitor’s app key stands in the header or in the query', async (scene) => {
      const path = '/chat/availability?v=1';
      const { appKey } = scene.target;
      (await scene.ask('GET', path, { headers: scene.key() })).is(200);
      const query = `&appKey=${encodeURIComponent(appKey)}`;
      (await scene.ask('GET', path + query)).is(200).has('availability', oneOf(true, false));
    }),
    check(
      'AUTH12',
      'no or an unknown app key is 401, also with a chat’s address',
      async (scene) => {
        const visitor = await scene.chat();
        const wrong = { Authorization: 'LivePerson appKey=not-a-key-of-anybody' };
        for (const url of [
          `${scene.api}/chat/availability`,
          visitor.uri,
          `${visitor.uri}/events`,
        ]) {
          (await scene.ask('GET', `${url}?v=1`)).refuses(401);
          (await scene.ask('GET', `${url}?v=1`, { headers: wrong })).refuses(401);
        }
      },
    ),
    check(
      'VIS27',
      'an app key opens no agent’s address, and a bearer no visitor’s',
      async (scene) => {
        const { agent, visitor } = await scene.talk();
        (await scene.visitor.get(agent.uri)).refuses(401);
        (await scene.user().get(visitor.uri)).refuses(401);
      },
    ),
    check(
      'CORS1',
      'pages of any origin may use visitor resources; Location is exposed',
      async (scene) => {
        const Origin = 'https://shop.example.com';
        const answer = (await scene.visitor.get('/chat/availability', { Origin })).is(200);
        answer.header('access-control-allow-origin', oneOf('*', Origin));
        answer.header('access-control-expose-headers', containing('Location'));
      },
    ),
    check(
      'CORS4',
      'a preflight needs no credential, and names methods and headers',
      async (scene) => {
        const headers = {
          Origin: 'https://shop.example.com',
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'authorization,content-type',
        };
        const answer = (await scene.ask('OPTIONS', '/chat/request', { headers })).is(200, 204);
        answer.header('access-control-allow-origin', aText);
        answer.header('access-control-allow-methods', containing('POST'));
        answer.header('access-control-allow-headers', containing('authorization'));
      },
    ),
    check(
      'CORS2',
      'the agent API is closed to pages of origins that the account does not list',
      async (scene) => {
        const agent = await scene.session();
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
