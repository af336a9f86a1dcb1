/** Signed requests (rules SIGN…). */
import type { Answer } from '../answer.js';
import { type Chapter, check } from '../check.js';
import { AgentSession, askFor, locationOf } from '../actors.js';
import type { Fixture } from '../scenario.js';
import { type Signing, signature } from '../signature.js';

/** A request of the bot, signed. */
function send(
  fixture: Fixture,
  method: string,
  url: string,
  body?: unknown,
  signing: Partial<Signing> = {},
): Promise<Answer> {
  const key = fixture.bot();
  const Authorization = signature({ method, url, key, ...signing });
  return fixture.send(askFor(method, url, { body, headers: { Authorization } }));
}

/** Opens an agent session by signature; it is ended when the check is over. */
async function open(fixture: Fixture): Promise<{ readonly uri: string; readonly answer: Answer }> {
  const answer = await send(fixture, 'POST', `${fixture.api}/agentSession?v=1`, {});
  const uri = locationOf(answer, 'agentSessionLocation.link');
  fixture.afterwards(() => send(fixture, 'DELETE', `${uri}?v=1`));
  return { uri, answer };
}

export const signed: Chapter = {
  title: 'Signed requests',
  checks: [
    check(
      'SIGN4',
      'HMAC-SHA1 and HMAC-SHA256 are accepted in place of a bearer',
      async (fixture) => {
        const { uri } = await open(fixture);
        for (const hash of ['HMAC-SHA1', 'HMAC-SHA256'] as const) {
          (await send(fixture, 'GET', `${uri}/info?v=1`, undefined, { hash })).is(200);
        }
      },
    ),
    check('SIGN4', 'a whole chat goes by signature', async (fixture) => {
      const { uri } = await open(fixture);
      const visitor = await fixture.chat();
      const ringing = new AgentSession(
        ({ method, url }) => send(fixture, method, url),
        uri,
        {},
        'v=1',
      );
      await ringing.rings();
      const accepted = (await send(fixture, 'POST', `${uri}/incomingRequests?v=1`, {})).is(201);
      const chat = accepted.link('chatLocation.link', 'location');
      const line = { event: { '@type': 'line', text: 'I am a bot & proud' } };
      (await send(fixture, 'POST', `${chat}/events?v=1`, line)).is(201);
      (await visitor.get('/events?from=4')).is(200).has('events.event.text', 'I am a bot & proud');
    }),
    check('SIGN5', 'query parameters are part of what is signed', async (fixture) => {
      const { uri } = await open(fixture);
      const url = `${uri}/availableAgents?v=1&chatState=Online&x=a%20b%2Bc`;
      (await send(fixture, 'GET', url)).is(200);
    }),
    check('SIGN6', 'a request that was changed on its way is 401', async (fixture) => {
      const { uri } = await open(fixture);
      const url = `${uri}/info?v=1`;
      (await send(fixture, 'GET', `${url}&x=1`, undefined, { url })).refuses(401);
      (await send(fixture, 'GET', url, undefined, { method: 'PUT' })).refuses(401);
    }),
    check('SIGN7', 'a wrong secret and an unknown key are 401', async (fixture) => {
      const url = `${fixture.api}/agentSession/1?v=1`;
      const key = fixture.bot();
      for (const wrong of [{ secret: 'x' }, { accessTokenSecret: 'x' }, { appKey: 'nobody' }]) {
        const answer = await send(fixture, 'GET', url, undefined, { key: { ...key, ...wrong } });
        answer.refuses(401);
      }
      (await send(fixture, 'GET', url)).is(404);
    }),
    check('SIGN8', 'the same nonce again is 401', async (fixture) => {
      const { uri } = await open(fixture);
      const nonce = `once-${Math.random()}`;
      const timestamp = Math.floor(Date.now() / 1000);
      const url = `${uri}/info?v=1`;
      (await send(fixture, 'GET', url, undefined, { nonce, timestamp })).is(200);
      (await send(fixture, 'GET', url, undefined, { nonce, timestamp })).refuses(401);
    }),
    check('SIGN9', 'a timestamp more than 5 minutes off is 401', async (fixture) => {
      const url = `${fixture.api}/agentSession/1?v=1`;
      const now = Math.floor(Date.now() / 1000);
      for (const timestamp of [now - 400, now + 400]) {
        (await send(fixture, 'GET', url, undefined, { timestamp })).refuses(401);
      }
    }),
    check('SIGN10', 'a signed request never gets or needs the security cookie', async (fixture) => {
      const { uri, answer } = await open(fixture);
      if (answer.setCookies().length > 0) {
        throw answer.mismatch('header set-cookie', 'nothing', 'a cookie');
      }
      (await send(fixture, 'GET', `${uri}/incomingRequests?v=1`)).is(200);
    }),
  ],
};
