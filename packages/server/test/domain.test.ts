import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, call, DEMO_ACCOUNT, startTestServer, type TestServer } from './harness.js';

const SERVICES = [
  'agentVep',
  'conversationVep',
  'adminArea',
  'liveEngage',
  'smt',
  'msdkgw',
  'accountConfigReadOnly',
  'accountConfigReadWrite',
  'engHistDomain',
  'leDataReporting',
  'sentinel',
  'acCdnDomain',
  'liveEngageUI',
  'adminlogin',
  'visitorFeed',
];

describe('the Domain API', () => {
  let server: TestServer;
  let host: string;
  let ca: string;
  beforeAll(async () => {
    server = await startTestServer({ httpsPort: 0 });
    host = `127.0.0.1:${server.running.httpsPort}`;
    ca = await readFile(server.running.caFile ?? '', 'utf8');
  });
  afterAll(() => server.stop());

  it.each([
    '/api/account/12345678/service/agentVep/baseURI.json?version=1.0',
    '/api/account/12345678/service/agentVep/baseURI',
    '/csdr/account/12345678/service/agentVep/baseURI.json?version=1.0',
    '/csdr/account/12345678/service/agentVep/baseURI?version=whatever',
    '/api/account/12345678/service/agentVep/baseURI.json??version=1.0',
  ])('[DOM1] says where one service is, without a credential: %s', async (path) => {
    const reply = await call('GET', server.http + path);
    expect(reply.status).toBe(200);
    expect(reply.text).toBe(
      `{"service":"agentVep","account":"${DEMO_ACCOUNT}","baseURI":"${host}"}`,
    );
  });

  it.each([
    '/api/account/12345678/service/baseURI.json?version=1.0',
    '/csdr/account/12345678/service/baseURI',
  ])('[DOM2] says where every service is: %s', async (path) => {
    const reply = await call('GET', server.http + path);
    const baseURIs = SERVICES.map((service) => ({
      account: DEMO_ACCOUNT,
      baseURI: host,
      service,
    }));
    expect(reply.body).toEqual({ baseURIs });
  });

  it('[DOM3] names the host that the client used, with the TLS port for one that came by plain HTTP', async () => {
    const path = '/service/agentVep/baseURI.json';
    const byName = await server.call('GET', path, {
      headers: { host: `chat.example.com:${server.running.httpPort}` },
    });
    expect(at(byName.body, 'baseURI')).toBe(`chat.example.com:${server.running.httpsPort}`);
    const https = `${server.https}/api/account/${DEMO_ACCOUNT}${path}`;
    const byTls = await call('GET', https, { ca, headers: { host: 'localhost:9443' } });
    expect(at(byTls.body, 'baseURI')).toBe('localhost:9443');
  });

  it('[DOM4] refuses what it does not know, and says what there is', async () => {
    const unknown = await call('GET', `${server.http}/api/account/nobody/service/smt/baseURI.json`);
    expect(unknown.status).toBe(404);
    expect(at(unknown.body, 'error.internalCode')).toBe(6);
    const service = await server.call('GET', '/service/agentVEP/baseURI.json');
    expect(service.status).toBe(404);
    for (const name of SERVICES) expect(at(service.body, 'error.message')).toContain(name);
    const bad = await call('GET', `${server.http}/api/account/no-such!/service/smt/baseURI.json`);
    expect(bad.status).toBe(400);
    expect(at(bad.body, 'error.message')).toContain('no-such!');
  });

  it('[DOM5] answers in XML and HAL too', async () => {
    const xml = await server.call('GET', '/service/smt/baseURI.xml');
    expect(xml.headers['content-type']).toContain('application/xml');
    expect(xml.text).toContain('<service>smt</service>');
    const hal = await server.call('GET', '/service/smt/baseURI', {
      headers: { accept: 'application/hal+json' },
    });
    expect(hal.headers['content-type']).toContain('application/hal+json');
    expect(at(hal.body, 'baseURI')).toBe(host);
  });

  it('[DOM6] lets pages of any origin ask', async () => {
    const reply = await server.call('GET', '/service/smt/baseURI.json', {
      headers: { origin: 'https://shop.example' },
    });
    expect(reply.headers['access-control-allow-origin']).toBe('*');
    expect(reply.headers['access-control-allow-credentials']).toBeUndefined();
  });
});

describe('the services that the Domain API names', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  /** What clients of the original ask of each, and whether there is something behind it here. */
  const ASKED: Readonly<Record<string, readonly (readonly [string, string, number])[]>> = {
    agentVep: [['POST', '/api/account/{account}/agentSession', 401]],
    conversationVep: [['GET', '/api/account/{account}/chat/availability', 401]],
    adminArea: [['GET', '/a/{account}/', 404]],
    liveEngage: [['GET', '/a/{account}/#/', 404]],
    smt: [['GET', '/api/account/{account}/monitoring/visitors/x/visits/current/state', 401]],
    msdkgw: [['POST', '/api/account/{account}/app/engagement/visitors', 200]],
    accountConfigReadOnly: [['GET', '/api/account/{account}/configuration/le-users/users', 401]],
    accountConfigReadWrite: [['POST', '/api/account/{account}/configuration/le-users/users', 401]],
    engHistDomain: [
      ['POST', '/interaction_history/api/account/{account}/interactions/search', 404],
    ],
    leDataReporting: [['GET', '/operations/api/account/{account}/queuehealth?timeframe=60', 404]],
    sentinel: [
      ['POST', '/sentinel/api/account/{account}/app/token?v=1.0', 400],
      ['POST', '/sentinel/api/v2/account/{account}/app/token', 400],
      ['GET', '/sentinel/well-known/jwks', 200],
    ],
    acCdnDomain: [['GET', '/api/account/{account}/configuration/settings', 401]],
    liveEngageUI: [['GET', '/le/{account}', 404]],
    adminlogin: [['GET', '/login/', 404]],
    visitorFeed: [['GET', '/visitorFeed/{account}', 404]],
  };

  it('[DOM7] have something behind them, or say what there is not and what does instead', async () => {
    expect(Object.keys(ASKED)).toEqual(SERVICES);
    for (const [service, asked] of Object.entries(ASKED)) {
      for (const [method, path, status] of asked) {
        const url = server.http + path.replace('{account}', DEMO_ACCOUNT);
        const reply = await call(method, url.replace(/#.*/, ''), {
          body: method === 'GET' ? undefined : {},
        });
        expect([service, path, reply.status]).toEqual([service, path, status]);
        if (status === 404) {
          expect(at(reply.body, 'error.message')).toMatch(/^Parley (?:has no|does not) .*: /);
        }
      }
    }
    const elsewhere = await call('GET', `${server.http}/no/such/place`);
    expect(at(elsewhere.body, 'error.message')).toContain('There is nothing at /no/such/place');
  });
});

describe('a configured public domain', () => {
  it('[DOM3] is answered to everybody', async () => {
    const server = await startTestServer({ publicDomain: 'chat.example.com:9443' });
    try {
      const reply = await server.call('GET', '/service/agentVep/baseURI.json');
      expect(at(reply.body, 'baseURI')).toBe('chat.example.com:9443');
    } finally {
      await server.stop();
    }
  });
});
