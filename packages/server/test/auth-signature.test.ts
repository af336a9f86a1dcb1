/** How a signature is made and how its header is read, against what others published. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSigned, readOAuthHeader } from '../src/auth/oauth-header.js';
import { baseString, oauthSignature, type SignedParts } from '../src/auth/oauth-signature.js';
import { FakeClock } from './harness.js';
import { HASHES, SigningClient } from './auth-client.js';

/** As a signed request has them: header, query and form, decoded. */
function parametersOf(header: Readonly<Record<string, string>>, query: string, form = '') {
  return [
    ...Object.entries(header),
    ...new URLSearchParams(query),
    ...new URLSearchParams(form),
  ] as const;
}

describe('a signature', () => {
  it('[SIGN1] has the base string of RFC 5849, 3.4.1.1', () => {
    const parts = {
      method: 'POST',
      url: 'http://example.com/request',
      parameters: parametersOf(
        {
          oauth_consumer_key: '9djdj82h48djs9d2',
          oauth_token: 'kkk9d7dh3k39sjv7',
          oauth_signature_method: 'HMAC-SHA1',
          oauth_timestamp: '137131201',
          oauth_nonce: '7d8f3e4a',
        },
        'b5=%3D%253D&a3=a&c%40=&a2=r%20b',
        'c2&a3=2+q',
      ),
    };
    expect(baseString(parts)).toBe(
      'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D' +
        '%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a' +
        '%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
    );
  });

  it('[SIGN1] is that of RFC 5849, 1.2', () => {
    const parts = {
      method: 'GET',
      url: 'http://photos.example.net/photos',
      parameters: parametersOf(
        {
          oauth_consumer_key: 'dpf43f3p2l4k3l03',
          oauth_token: 'nnch734d00sl2jdk',
          oauth_signature_method: 'HMAC-SHA1',
          oauth_timestamp: '137131202',
          oauth_nonce: 'chapoH',
        },
        'file=vacation.jpg&size=original',
      ),
    };
    const secrets = { secret: 'kd94hf93k423kf44', tokenSecret: 'pfkkdhi9sl3r4s00' };
    expect(oauthSignature(parts, secrets, 'HMAC-SHA1')).toBe('MdpQcU8iPSUjWoN/UDMsK2sui9I=');
  });

  it('[SIGN1] is that of Twitter’s documentation', () => {
    const parts = {
      method: 'post',
      url: 'https://api.twitter.com/1.1/statuses/update.json',
      parameters: parametersOf(
        {
          oauth_consumer_key: 'xvz1evFS4wEEPTGEFPHBog',
          oauth_nonce: 'kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg',
          oauth_signature_method: 'HMAC-SHA1',
          oauth_timestamp: '1318622958',
          oauth_token: '370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb',
          oauth_version: '1.0',
        },
        'include_entities=true',
        'status=Hello%20Ladies%20%2b%20Gentlemen%2c%20a%20signed%20OAuth%20request%21',
      ),
    };
    const secrets = {
      secret: 'kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw',
      tokenSecret: 'LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE',
    };
    expect(oauthSignature(parts, secrets, 'HMAC-SHA1')).toBe('hCtSmYh+iHYCEqBWrE7C7hYmtUk=');
  });

  it('[SIGN1] covers repeated parameters in any order, and what must be encoded', () => {
    const text = (parameters: SignedParts['parameters']) =>
      decodeURIComponent(
        baseString({ method: 'GET', url: 'http://h/', parameters }).split('&')[2] ?? '',
      );
    const mixed = [
      ['b', '2'],
      ['a', 'x y'],
      ['b', '10'],
      ['a', ''],
      ["!'()*", '€~'],
      ['a b', '+'],
      ['__proto__', '1'],
    ] as const;
    const expected = '%21%27%28%29%2A=%E2%82%AC~&__proto__=1&a=&a=x%20y&a%20b=%2B&b=10&b=2';
    expect(text(mixed)).toBe(expected);
    expect(text([...mixed].reverse())).toBe(expected);
  });

  it('[SIGN1] is the one that a client’s library makes, whatever is signed', () => {
    const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 });
    // Of two parameters with one name and of `__proto__`, that library signs something else.
    const fields = fc.dictionary(
      word.filter((name) => name !== '__proto__'),
      word,
      { maxKeys: 6 },
    );
    const method = fc.constantFrom('HMAC-SHA1', 'HMAC-SHA256');
    fc.assert(
      fc.property(fields, method, word, word, (form, signatureMethod, secret, tokenSecret) => {
        const client = new SigningClient(new FakeClock(), {
          appKey: 'key',
          secret,
          accessToken: 'token',
          accessTokenSecret: tokenSecret,
        });
        const header = readOAuthHeader(
          client.sign('POST', 'https://host/path', { form, method: signatureMethod }),
        );
        if ('problem' in header) throw new Error(header.problem);
        const parts = {
          method: 'POST',
          url: 'https://host/path',
          parameters: [...header.signed, ...Object.entries(form)],
        };
        expect(oauthSignature(parts, { secret, tokenSecret }, signatureMethod)).toBe(
          header.signature,
        );
      }),
    );
    expect(Object.keys(HASHES)).toEqual(['HMAC-SHA1', 'HMAC-SHA256']);
  });
});

const WHOLE = {
  oauth_consumer_key: 'key',
  oauth_token: 'token',
  oauth_signature_method: 'HMAC-SHA1',
  oauth_signature: 'sig%3D',
  oauth_timestamp: '1',
  oauth_nonce: 'n',
};

function written(parameters: Readonly<Record<string, string>>, separator = ', '): string {
  const list = Object.entries(parameters).map(([name, value]) => `${name}="${value}"`);
  return `OAuth ${list.join(separator)}`;
}

describe('the header of a signature', () => {
  it('[SIGN2] is known by its scheme, in any case', () => {
    for (const header of ['OAuth a="b"', 'oauth\ta=b', 'OAUTH', 'OAuth ']) {
      expect(isSigned(header)).toBe(true);
    }
    for (const header of ['OAuth2 abc', 'Bearer OAuth', 'LivePerson appKey=OAuth', '']) {
      expect(isSigned(header)).toBe(false);
    }
  });

  it.each([
    ['quoted, with spaces', written(WHOLE)],
    ['without spaces', written(WHOLE, ',')],
    ['on several lines', written(WHOLE, ' ,\t ')],
    ['unquoted', written(WHOLE).replaceAll('"', '')],
    ['with a realm that has a comma', written({ realm: 'a, b', ...WHOLE })],
  ])('[SIGN2] is read %s', (_, header) => {
    expect(readOAuthHeader(header)).toMatchObject({
      consumerKey: 'key',
      token: 'token',
      method: 'HMAC-SHA1',
      signature: 'sig=',
      timestamp: '1',
      nonce: 'n',
    });
  });

  it('[SIGN2] leaves realm and signature out of what is signed, and nothing else', () => {
    const read = readOAuthHeader(
      written({ ...WHOLE, realm: 'x', oauth_version: '1.0', more: 'm' }),
    );
    if ('problem' in read) throw new Error(read.problem);
    expect([...read.signed.keys()].sort()).toEqual([
      'more',
      'oauth_consumer_key',
      'oauth_nonce',
      'oauth_signature_method',
      'oauth_timestamp',
      'oauth_token',
      'oauth_version',
    ]);
  });

  it.each([
    ['nothing in it', 'OAuth ', 'lacks oauth_consumer_key, oauth_token'],
    ['no nonce', written({ ...WHOLE, oauth_nonce: '' }), 'lacks oauth_nonce.'],
    ['a parameter twice', `${written(WHOLE)}, oauth_nonce="m"`, 'oauth_nonce twice'],
    ['bad encoding', written({ ...WHOLE, oauth_nonce: '%zz' }), 'percent-encoded'],
    ['another version', written({ ...WHOLE, oauth_version: '2.0' }), 'oauth_version must be 1.0'],
    ['no list', `${written(WHOLE)}, nonsense`, 'not a list'],
    ['an open quote', `${written(WHOLE)}, a="b`, 'not a list'],
  ])('[SIGN3] with %s is refused, saying why', (_, header, why) => {
    expect(readOAuthHeader(header)).toEqual({ problem: expect.stringContaining(why) });
  });
});
