/** The Login Service API (login-and-domain.md). */
import { members, valueAt } from '../answer.js';
import { type Chapter, check } from '../check.js';
import { aBoolean, aList, aNumber, aText, between, containing } from '../expectation.js';
import { loginOf } from '../scene.js';

const HEX64 = /^[0-9a-f]{64}$/;
const MINUTE = 60_000;

export const login: Chapter = {
  title: 'Login',
  checks: [
    check(
      'LOGIN1',
      'a login answers bearer, csrf, the user, the account’s time, and its services',
      async (scene) => {
        const answer = await scene.logIn();
        answer
          .has('bearer', HEX64)
          .has('csrf', HEX64)
          .has('wsuk', aText)
          .has('sessionTTl', /^\d+$/);
        answer.has('config.loginName', containing(scene.credentials().username));
        answer.has('config.userId', /^\d+$/).has('config.userPrivileges', aList);
        const now = Date.now();
        answer.has('config.serverCurrentTime', between(now - 10 * MINUTE, now + 10 * MINUTE));
        answer.has('config.timeDiff', aNumber).has('config.serverTimeGMTDiff', aNumber);
        answer.has('config.serverTimeZoneName', aText).has('config.accountTimeZoneId', aText);
        answer.has('config.isLPA', aBoolean).has('config.isAdmin', aBoolean);
        const groups = 'accountData.agentGroupsData';
        answer.has(`${groups}.items.0.id`, aNumber).has(`${groups}.items.0.name`, aText);
        answer.has(`${groups}.items.0.deleted`, false).has(`${groups}.revision`, aNumber);
        const services = members(answer.at('csdsCollectionResponse.baseURIs')).map((each) =>
          valueAt(each, 'service'),
        );
        for (const service of ['agentVep', 'conversationVep', 'leDataReporting']) {
          if (services.includes(service)) continue;
          throw answer.mismatch('csdsCollectionResponse', service, services.join(', '));
        }
      },
    ),
    check('LOGIN1', 'v may be 1, 1.0, 1.2, 1.3 or absent', async (scene) => {
      const { username, password } = scene.credentials();
      for (const query of ['', '?v=1', '?v=1.0', '?v=1.2']) {
        const body = { username, password };
        const answer = (await scene.ask('POST', `/login${query}`, { body })).is(200);
        const tokens = loginOf(answer);
        (await scene.logout(tokens)).is(200);
      }
    }),
    check('LOGIN2', 'the cookie session_id is HttpOnly and Secure', async (scene) => {
      const answer = await scene.logIn();
      const line = answer.setCookies().find((each) => each.startsWith('session_id=')) ?? '';
      for (const wanted of [/; *HttpOnly/i, /; *Secure/i]) {
        if (!wanted.test(line)) {
          throw answer.mismatch('cookie session_id', wanted.source, line || 'no such cookie');
        }
      }
    }),
    check(
      'LOGIN3',
      'every login has a bearer, a csrf token and a cookie of its own',
      async (scene) => {
        const one = loginOf(await scene.logIn());
        const answer = await scene.logIn();
        const two = loginOf(answer);
        for (const token of ['bearer', 'csrf', 'cookie'] as const) {
          if (one[token] === two[token])
            throw answer.mismatch(token, 'a new one', 'the same again');
        }
        (await scene.user(one.bearer).get('/agentSession/1')).is(404);
      },
    ),
    check('LOGIN7', 'a wrong password and an unknown user get the same 401', async (scene) => {
      const { username } = scene.credentials();
      const password = 'not the password of anybody';
      const wrong = (await scene.tryLogin({ username, password })).refuses(401);
      const unknown = (await scene.tryLogin({ username: `${username}-nobody`, password })).refuses(
        401,
      );
      for (const path of ['error.message', 'error.internalCode']) {
        const same = wrong.at(path);
        unknown.has(path, typeof same === 'number' ? same : String(same));
      }
      // A good login, so that the wrong one is not held against the user.
      await scene.logIn();
    }),
    check(
      'LOGIN10',
      'a bot logs in by app key, secret, access token and its secret',
      async (scene) => {
        const bot = scene.bot();
        const answer = (await scene.tryLogin({ ...bot })).is(200).has('bearer', HEX64);
        (await scene.logout(loginOf(answer))).is(200);
        (await scene.tryLogin({ ...bot, secret: 'not the secret' })).refuses(401);
        (await scene.tryLogin({ ...bot, accessTokenSecret: 'not the secret' })).refuses(401);
      },
    ),
    check('LOGIN12', 'a body without user or password is 400', async (scene) => {
      (await scene.tryLogin({ username: scene.credentials().username })).refuses(400);
      (await scene.tryLogin({})).refuses(400);
    }),
    check('LOGIN13', 'another version is 400, an unknown account 404', async (scene) => {
      const body = { ...scene.credentials() };
      (await scene.tryLogin(body, '9.9')).refuses(400).has('error.message', containing('1.3'));
      const url = `${scene.origin}/api/account/nobody_has_this_one/login?v=1.3`;
      (await scene.ask('POST', url, { body })).refuses(404);
    }),
    check(
      'LOGIN21',
      'refresh with cookie and csrf is 200, has no body, and the cookie keeps its value, twice, in any case of its name',
      async (scene) => {
        const { csrf, cookie, bearer } = loginOf(await scene.logIn());
        const value = cookie.slice(cookie.indexOf('=') + 1);
        for (const name of ['session_id', 'Session_id']) {
          const options = { body: { csrf }, headers: { Cookie: `${name}=${value}` } };
          const answer = (await scene.ask('POST', '/refresh?v=1.3', options)).is(200);
          answer.says('body', '');
          const renewed = answer.cookie('session_id');
          if (renewed !== value) {
            throw answer.mismatch('cookie session_id', 'the one of the login', renewed ?? 'none');
          }
        }
        (await scene.user(bearer).get('/agentSession/1')).is(404);
        (await scene.logout({ bearer, csrf, cookie })).is(200);
      },
    ),
    check(
      'LOGIN22',
      'logout with cookie and csrf is 200; bearer and cookie die at once',
      async (scene) => {
        const tokens = loginOf(await scene.logIn());
        (await scene.user(tokens.bearer).get('/agentSession/1')).is(404);
        (await scene.logout(tokens)).is(200);
        (await scene.user(tokens.bearer).get('/agentSession/1')).refuses(401, 10);
        (await scene.logout(tokens)).refuses(401);
        (await scene.user().get('/agentSession/1')).is(404);
      },
    ),
    check(
      'LOGIN23',
      'a wrong csrf token is 401 with internalCode 10, and ends nothing',
      async (scene) => {
        const tokens = loginOf(await scene.logIn());
        for (const path of ['/refresh', '/logout']) {
          const headers = { Cookie: tokens.cookie };
          const body = { csrf: '0'.repeat(64) };
          (await scene.ask('POST', `${path}?v=1.3`, { body, headers })).refuses(401, 10);
        }
        (await scene.user(tokens.bearer).get('/agentSession/1')).is(404);
      },
    ),
    check('LOGIN14', 'a login is answered in XML as well', async (scene) => {
      const { username, password } = scene.credentials();
      const options = { body: { username, password }, headers: { Accept: 'application/xml' } };
      const answer = (await scene.ask('POST', '/login?v=1.3', options)).is(200);
      const cookie = answer.cookie('session_id');
      const texts = new Map(answer.xml().children.map(({ name, text }) => [name, text]));
      const [bearer = '', csrf = ''] = [texts.get('bearer'), texts.get('csrf')];
      if (!HEX64.test(bearer)) throw answer.mismatch('<bearer>', '64 hex digits', answer.text);
      (await scene.logout({ bearer, csrf, cookie: `session_id=${cookie}` })).is(200);
    }),
  ],
};
