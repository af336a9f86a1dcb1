/** OAuth 2 at the addresses of the original API's service `sentinel`. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_BOT_CLIENT } from '../src/index.js';
import { Fixture } from './chat-fixture.js';
import { at, type CallOptions, DEMO_ACCOUNT, type Reply, textAt, UNTHROTTLED } from './harness.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start({ throttle: UNTHROTTLED });
});
afterEach(() => fixture.clear());
afterAll(() => fixture.stop());

const { appKey: id, secret } = DEMO_BOT_CLIENT;
const GRANT = { grant_type: 'client_credentials' };
const CLIENT = { client_id: id, client_secret: secret };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

const form = (fields: Readonly<Record<string, string>>): CallOptions => ({
  body: new URLSearchParams(fields).toString(),
  headers: FORM,
});
const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const errorOf = ({ status, body }: Reply) => [status, at(body, 'error')];

describe('a bearer', () => {
  it('[OAUTH10] is asked for at the original’s addresses too, with the same answers', async () => {
    const { http } = fixture.server;
    const urls = [
      `${http}/sentinel/api/account/${DEMO_ACCOUNT}/app/token?v=1.0`,
      `${http}/sentinel/api/v2/account/${DEMO_ACCOUNT}/app/token`,
    ];
    for (const url of urls) {
      const given = await fixture.server.call('POST', url, form({ ...GRANT, ...CLIENT }));
      expect([given.status, at(given.body, 'token_type'), at(given.body, 'expires_in')]).toEqual([
        200,
        'Bearer',
        3600,
      ]);
      expect(
        (
          await fixture.server.call('POST', '/agentSession?v=1&NC=true', {
            bearer: textAt(given.body, 'access_token'),
          })
        ).status,
      ).toBe(201);
      const basics = { ...form(GRANT), headers: { ...FORM, authorization: basic(id, secret) } };
      expect((await fixture.server.call('POST', url, basics)).status).toBe(200);
      const wrong = form({ ...GRANT, ...CLIENT, client_secret: 'wrong' });
      expect(errorOf(await fixture.server.call('POST', url, wrong))).toEqual([
        401,
        'invalid_client',
      ]);
      const elsewhere = url.replace(DEMO_ACCOUNT, 'nobody_here');
      expect((await fixture.server.call('POST', elsewhere, wrong)).status).toBe(404);
    }
    const found = await fixture.server.call('GET', '/service/sentinel/baseURI.json');
    expect(at(found.body, 'baseURI')).toBe(http.replace('http://', ''));
  });

  it('[OAUTH11] is opaque: the set of keys to verify it with is empty', async () => {
    const keys = await fixture.server.call(
      'GET',
      `${fixture.server.http}/sentinel/well-known/jwks`,
    );
    expect([keys.status, keys.text]).toEqual([200, '{"keys":[]}']);
    expect(keys.headers['content-type']).toContain('application/json');
  });
});
