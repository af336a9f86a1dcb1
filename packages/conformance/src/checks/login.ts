/** The Login Service API (rules LOGIN…). */
import { members, valueAt } from '../answer.js';
import { type Chapter, check } from '../check.js';
import { aBoolean, aList, aNumber, aText, between, containing } from '../expectation.js';
import { loginOf } from '../scenario.js';

const HEX64 = /^[0-9a-f]{64}$/;
const MINUTE = 60_000;

export const login: Chapter = {
  title: 'Login',
  checks: [
    check(
      'LOGIN1',
      'a login answers bearer, csrf, the user, the account’s time, and its services',
      async (fixture) => {
        const answer = await fixture.logIn();
        answer
          .has('bearer', HEX64)
          .has('csrf', HEX64)
          .has('wsuk', aText)
          .has('sessionTTl', /^\d+$/);
        answer.has('config.loginName', containing(fixture.credentials().username));
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
    check('LOGIN1', 'v may be 1, 1.0, 1.2, 1.3 or absent', async (fixture) => {
      const { username, password } = fixture.credentials();
      for (const query of ['', '?v=1', '?v=1.0', '?v=1.2']) {
        const body = { username, password };
        const answer = (await fixture.ask('POST', `/login${query}`, { body })).is(200);
        const tokens = loginOf(answer);
        (await fixture.logout(tokens)).is(200);
      }
    }),
    check('LOGIN2', 'the cookie session_id is HttpOnly and Secure', async (fixture) => {
      const answer = await fixture.logIn();
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
      async (fixture) => {
        const one = loginOf(await fixture.logIn());
        const answer = await fixture.logIn();
        const two = loginOf(answer);
        for (const token of ['bearer', 'csrf', 'cookie'] as const) {
          if (one[token] === two[token])
            throw answer.mismatch(token, 'a new one', 'the same again');
        }
        (await fixture.user(one.bearer).get('/agentSession/1')).is(404);
      },
    ),
    check('LOGIN7', 'a wrong password and an unknown user get the same 401', async (fixture) => {
      const { username } = fixture.credentials();
      const password = 'not the password of anybody';
      const wrong = (await fixture.tryLogin({ username, password })).refuses(401);
      const unknown = (
        await fixture.tryLogin({ username: `${username}-nobody`, password })
      ).refuses(401);
      for (const path of ['error.message', 'error.internalCode']) {
        const same = wrong.at(path);
        unknown.has(path, typeof same === 'number' ? same : String(same));
      }
      // A good login, so that the wrong one is not held against the user.
      await fixture.logIn();
    }),
    check(
      'LOGIN10',
      'a bot logs in by app key, secret, access token and its secret',
      async (fixture) => {
        const bot = fixture.bot();
        const answer = (await fixture.tryLogin({ ...bot })).is(200).has('bearer', HEX64);
        (await fixture.logout(loginOf(answer))).is(200);
        (await fixture.tryLogin({ ...bot, secret: 'not the secret' })).refuses(401);
        (await fixture.tryLogin({ ...bot, accessTokenSecret: 'not the secret' })).refuses(401);
      },
    ),
    check('LOGIN12', 'a body without user or password is 400', async (fixture) => {
      (await fixture.tryLogin({ username: fixture.credentials().username })).refuses(400);
      (await fixture.tryLogin({})).refuses(400);
    }),
    check('LOGIN13', 'another version is 400, an unknown account 404', async (fixture) => {
      const body = { ...fixture.credentials() };
      (await fixture.tryLogin(body, '9.9')).refuses(400).has('error.message', containing('1.3'));
      const url = `${fixture.origin}/api/account/nobody_has_this_one/login?v=1.3`;
      (await fixture.ask('POST', url, { body })).refuses(404);
    }),
    check(
      'LOGIN21',
      'refresh with cookie and csrf is 200, has no body, and the cookie keeps its value, twice, in any case of its name',
      async (fixture) => {
        const { csrf, cookie, bearer } = loginOf(await fixture.logIn());
        const value = cookie.slice(cookie.indexOf('=') + 1);
        for (const name of ['session_id', 'Session_id']) {
          const options = { body: { csrf }, headers: { Cookie: `${name}=${value}` } };
          const answer = (await fixture.ask('POST', '/refresh?v=1.3', options)).is(200);
          answer.says('body', '');
          const renewed = answer.cookie('session_id');
          if (renewed !== value) {
            throw answer.mismatch('cookie session_id', 'the one of the login', renewed ?? 'none');
          }
        }
        (await fixture.user(bearer).get('/agentSession/1')).is(404);
        (await fixture.logout({ bearer, csrf, cookie })).is(200);
      },
    ),
    check(
      'LOGIN22',
      'logout with cookie and csrf is 200; bearer and cookie die at once',
      async (fixture) => {
        const tokens = loginOf(await fixture.logIn());
        (await fixture.user(tokens.bearer).get('/agentSession/1')).is(404);
        (await fixture.logout(tokens)).is(200);
        (await fixture.user(tokens.bearer).get('/agentSession/1')).refuses(401, 10);
        (await fixture.logout(tokens)).refuses(401);
        (await fixture.user().get('/agentSession/1')).is(404);
      },
    ),
    check(
      'LOGIN23',
      'a wrong csrf token is 401 with internalCode 10, and ends nothing',
      async (fixture) => {
        const tokens = loginOf(await fixture.logIn());
        for (const path of ['/refresh', '/logout']) {
          const headers = { Cookie: tokens.cookie };
          const body = { csrf: '0'.repeat(64) };
          (await fixture.ask('POST', `${path}?v=1.3`, { body, headers })).refuses(401, 10);
        }
        (await fixture.user(tokens.bearer).get('/agentSession/1')).is(404);
      },
    ),
    check('LOGIN14', 'a login is answered in XML as well', async (fixture) => {
      const { username, password } = fixture.credentials();
      const options = { body: { username, password }, headers: { Accept: 'application/xml' } };
      const answer = (await fixture.ask('POST', '/login?v=1.3', options)).is(200);
      const cookie = answer.cookie('session_id');
      const texts = new Map(answer.xml().children.map(({ name, text }) => [name, text]));
      const [bearer = '', csrf = ''] = [texts.get('bearer'), texts.get('csrf')];
      if (!HEX64.test(bearer)) throw answer.mismatch('<bearer>', '64 hex digits', answer.text);
      (await fixture.logout({ bearer, csrf, cookie: `session_id=${cookie}` })).is(200);
    }),
  ],
};
