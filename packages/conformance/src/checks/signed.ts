/** Signed requests (wire.md, "Authentication modes"). */
import type { Answer } from '../answer.js';
import { type Chapter, check } from '../check.js';
import { AgentSession, askFor, locationOf } from '../parties.js';
import type { Scene } from '../scene.js';
import { type Signing, signature } from '../signature.js';

/** A request of the bot, signed. */
function send(
  scene: Scene,
  method: string,
  url: string,
  body?: unknown,
  signing: Partial<Signing> = {},
): Promise<Answer> {
  const key = scene.bot();
  const Authorization = signature({ method, url, key, ...signing });
  return scene.send(askFor(method, url, { body, headers: { Authorization } }));
}

/** Opens an agent session by signature; it is ended when the check is over. */
async function open(scene: Scene): Promise<{ readonly uri: string; readonly answer: Answer }> {
  const answer = await send(scene, 'POST', `${scene.api}/agentSession?v=1`, {});
  const uri = locationOf(answer, 'agentSessionLocation.link');
  scene.afterwards(() => send(scene, 'DELETE', `${uri}?v=1`));
  return { uri, answer };
}

export const signed: Chapter = {
  title: 'Signed requests',
  checks: [
    check('SIGN4', 'HMAC-SHA1 and HMAC-SHA256 are accepted in place of a bearer', async (scene) => {
      const { uri } = await open(scene);
      for (const hash of ['HMAC-SHA1', 'HMAC-SHA256'] as const) {
        (await send(scene, 'GET', `${uri}/info?v=1`, undefined, { hash })).is(200);
      }
    }),
    check('SIGN4', 'a whole chat goes by signature', async (scene) => {
      const { uri } = await open(scene);
      const visitor = await scene.chat();
      const ringing = new AgentSession(
        ({ method, url }) => send(scene, method, url),
        uri,
        {},
        'v=1',
      );
      await ringing.rings();
      const accepted = (await send(scene, 'POST', `${uri}/incomingRequests?v=1`, {})).is(201);
      const chat = accepted.link('chatLocation.link', 'location');
      const line = { event: { '@type': 'line', text: 'I am a bot & proud' } };
      (await send(scene, 'POST', `${chat}/events?v=1`, line)).is(201);
      (await visitor.get('/events?from=4')).is(200).has('events.event.text', 'I am a bot & proud');
    }),
    check('SIGN5', 'query parameters are part of what is signed', async (scene) => {
      const { uri } = await open(scene);
      const url = `${uri}/availableAgents?v=1&chatState=Online&x=a%20b%2Bc`;
      (await send(scene, 'GET', url)).is(200);
    }),
    check('SIGN6', 'a request that was changed on its way is 401', async (scene) => {
      const { uri } = await open(scene);
      const url = `${uri}/info?v=1`;
      (await send(scene, 'GET', `${url}&x=1`, undefined, { url })).refuses(401);
      (await send(scene, 'GET', url, undefined, { method: 'PUT' })).refuses(401);
    }),
    check('SIGN7', 'a wrong secret and an unknown key are 401', async (scene) => {
      const url = `${scene.api}/agentSession/1?v=1`;
      const key = scene.bot();
      for (const wrong of [{ secret: 'x' }, { accessTokenSecret: 'x' }, { appKey: 'nobody' }]) {
        const answer = await send(scene, 'GET', url, undefined, { key: { ...key, ...wrong } });
        answer.refuses(401);
      }
      (await send(scene, 'GET', url)).is(404);
    }),
    check('SIGN8', 'the same nonce again is 401', async (scene) => {
      const { uri } = await open(scene);
      const nonce = `once-${Math.random()}`;
      const timestamp = Math.floor(Date.now() / 1000);
      const url = `${uri}/info?v=1`;
      (await send(scene, 'GET', url, undefined, { nonce, timestamp })).is(200);
      (await send(scene, 'GET', url, undefined, { nonce, timestamp })).refuses(401);
    }),
    check('SIGN9', 'a timestamp more than 5 minutes off is 401', async (scene) => {
      const url = `${scene.api}/agentSession/1?v=1`;
      const now = Math.floor(Date.now() / 1000);
      for (const timestamp of [now - 400, now + 400]) {
        (await send(scene, 'GET', url, undefined, { timestamp })).refuses(401);
      }
    }),
    check('SIGN10', 'a signed request never gets or needs the security cookie', async (scene) => {
      const { uri, answer } = await open(scene);
      if (answer.setCookies().length > 0) {
        throw answer.mismatch('header set-cookie', 'nothing', 'a cookie');
      }
      (await send(scene, 'GET', `${uri}/incomingRequests?v=1`)).is(200);
    }),
  ],
};
