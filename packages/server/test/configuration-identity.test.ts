/** Connections to identity providers of visitors, in the configuration. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEMO_ACCOUNT } from './harness.js';
import { ISSUER, SigningKey } from './identity-provider.js';
import { CONNECTIONS, IdentityFixture, SECRET } from './identity-fixture.js';

const rsa = new SigningKey('RS256');

let idp: IdentityFixture;
beforeAll(async () => {
  idp = await IdentityFixture.start();
});
beforeEach(() => idp.renew());
afterAll(() => idp.stop());

describe('a connection', () => {
  it('[IDENT1] is made by administrators and read by nobody else; its secret is shown to nobody', async () => {
    const one = await idp.connectByCode({ name: 'Shop', redirectUri: undefined });
    expect(one).toEqual({
      id: one.id,
      deleted: false,
      name: 'Shop',
      kind: 'code',
      isEnabled: true,
      issuer: ISSUER,
      audience: '',
      publicKey: '',
      jwksUrl: `${idp.provider.url}/jwks`,
      tokenEndpoint: `${idp.provider.url}/token`,
      clientId: 'parley client',
      redirectUri: 'https://liveperson.net',
      hasClientSecret: true,
    });
    for (const as of ['manager1', 'agent1', 'bot1']) {
      expect((await idp.admin.call('GET', CONNECTIONS, undefined, { as })).status).toBe(403);
      expect((await idp.admin.call('GET', `${CONNECTIONS}/99`, undefined, { as })).status).toBe(
        403,
      );
    }
    const path = `${CONNECTIONS}/${one.id}`;
    const revision = await idp.admin.revision(CONNECTIONS);
    expect(await idp.admin.require('PUT', path, { ...one, clientSecret: '' })).toEqual(one);
    expect(await idp.admin.revision(CONNECTIONS)).toBe(revision);
    await idp.admin.require('PUT', path, { clientSecret: 'another secret' });
    expect(await idp.admin.revision(CONNECTIONS)).toBe(revision + 1);
    const audit = await idp.admin.call('GET', '/configuration/audit');
    const { store } = idp.fixture.server.running.server;
    const { items } = await store.config.list(DEMO_ACCOUNT, 'visitorIdentity');
    for (const kept of [audit.text, JSON.stringify(items), idp.fixture.server.log]) {
      expect(kept).not.toContain('another secret');
      expect(kept).not.toContain(SECRET);
    }
    await idp.admin.require('DELETE', path);
  });

  it('[IDENT1] loses its secret when another host or client is named without one', async () => {
    const one = await idp.connectByCode();
    for (const change of [{ tokenEndpoint: 'https://evil.example.com/' }, { clientId: 'other' }]) {
      expect(await idp.admin.refused('PUT', `${CONNECTIONS}/${one.id}`, change)).toEqual([
        400,
        expect.stringContaining('clientSecret is required'),
      ]);
      await idp.admin.require('PUT', `${CONNECTIONS}/${one.id}`, {
        ...change,
        clientSecret: 'new',
      });
    }
    await idp.admin.require('DELETE', `${CONNECTIONS}/${one.id}`);
  });

  it('[IDENT2] takes keys as PEM, as their base64 alone and as JWK, and keeps the public key', async () => {
    const bare = rsa.pem.replaceAll(/-----.*?-----|\s/g, '');
    for (const publicKey of [rsa.pem, bare, JSON.stringify(await rsa.jwk())]) {
      const one = await idp.connect({ publicKey });
      expect(one['publicKey']).toBe(rsa.pem);
      await idp.admin.require('DELETE', `${CONNECTIONS}/${one.id}`);
    }
  });

  it.each([
    [{ name: '' }, 'name'],
    [{ kind: undefined }, 'kind is required'],
    [{ kind: 'saml' }, 'kind'],
    [{ issuer: ' ' }, 'issuer is required'],
    [{ publicKey: '' }, 'Either publicKey or jwksUrl is required'],
    [{ jwksUrl: 'https://idp.example.com/jwks' }, 'and not both'],
    [{ publicKey: 'no key' }, 'publicKey cannot be used: it cannot be read'],
    [{ publicKey: rsa.privatePem }, 'publicKey cannot be used: it is a private key'],
    [{ publicKey: '{"kty":"oct","k":"AAAA"}' }, 'publicKey cannot be used: it is no public key'],
    [
      { publicKey: '', jwksUrl: 'ftp://idp.example.com/' },
      'jwksUrl must be an address with https: or http:',
    ],
    [{ publicKey: '', jwksUrl: 'https://user:pw@idp.example.com/' }, 'jwksUrl must be'],
    [{ clientSecret: 'x' }, 'clientSecret belongs to connections of kind code'],
    [{ tokenEndpoint: 'https://idp.example.com/' }, 'tokenEndpoint belongs to'],
    [{ kind: 'code' }, 'tokenEndpoint is required'],
    [{ kind: 'code', tokenEndpoint: 'https://idp.example.com/', clientId: 'c' }, 'clientSecret'],
  ])('[IDENT2] is refused, and the field is named: %j', async (more, words) => {
    const body = { name: idp.fresh(), kind: 'jwt', issuer: ISSUER, publicKey: rsa.pem, ...more };
    const [status, message] = await idp.admin.refused('POST', CONNECTIONS, body);
    expect([status, message]).toEqual([400, expect.stringContaining(words)]);
    expect(message).not.toContain('AAAA');
    expect(message).not.toContain(rsa.privatePem.slice(40, 80));
  });
});
