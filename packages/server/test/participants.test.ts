/** Chats of authenticated visitors. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Fixture } from './chat-fixture.js';
import { ConfigurationFixture } from './configuration-fixture.js';
import { at, DEMO_VISITOR_KEY, linkAt, textAt } from './harness.js';
import { claimsOf, ISSUER } from './identity-provider.js';
import { CONNECTIONS, IdentityFixture } from './identity-fixture.js';

let idp: IdentityFixture;
beforeAll(async () => {
  idp = await IdentityFixture.start();
});
beforeEach(() => idp.renew());
afterAll(() => idp.stop());

describe('an authenticated visitor', () => {
  const claims = {
    preferred_username: 'annie',
    phone_number: '+49 170 1234567',
    given_name: 'Ann',
    family_name: 'Example',
    email: 'ann@example.com',
    lp_sdes: [
      {
        type: 'ctmrinfo',
        info: {
          cstatus: 'cancelled',
          ctype: 'vip',
          customerId: '138766AC',
          balance: -400.99,
          socialId: '11256324780',
          imei: '3543546543545688',
          userName: 'user000',
          companySize: 500,
          accountName: 'bank corp',
          role: 'broker',
          lastPaymentDate: { day: 15, month: 10, year: 2014 },
          registrationDate: { day: 23, month: 5, year: 2013 },
        },
      },
      {
        type: 'personal',
        personal: { lastname: 'Other', contacts: [{ email: 'a@b.example', phone: '1' }] },
      },
      { type: 'cart', total: 'wrong' },
    ],
  };

  it('[IDENT7, IDENT8] has the chat that names both ids, and its agent is shown who it is', async () => {
    const { id } = await idp.connect();
    const ids = await idp.identified(id, idp.now('customer-1', claims));
    const { agent, chat, visitor } = await idp.fixture.chat({ ...ids });
    const info = at((await chat.get()).body, 'chat.info');
    expect(at(info, 'participantId')).toBe(ids.participantId);
    const alone = (await chat.get('/info')).body;
    expect((at(alone, 'info.link') as { rel: string }[]).map(({ rel }) => rel)).toEqual([
      ...['self', 'visitor-name', 'visitor-typing', 'agent-typing'],
      ...['participant-info', 'participant-extended-info'],
    ]);
    const extended = linkAt(alone, 'info.link', 'participant-extended-info');
    expect(extended).toBe(`${agent.uri}/participantExtendedInfo/${ids.participantId}`);
    const expected = {
      authenticatedParticipantInfo: {
        isUserAuthenticated: true,
        participantId: ids.participantId,
        balance: -400.99,
        registrationDate: { year: 2013, month: 5, day: 23 },
        lastPaymentDate: { year: 2014, month: 10, day: 15 },
        customerId: 'customer-1',
        customerStatus: 'cancelled',
        customerType: 'vip',
        socialId: '11256324780',
        imei: '+49 170 1234567',
        userName: 'annie',
        companySize: 500,
        accountName: 'bank corp',
        role: 'broker',
      },
      authenticatedPersonalInfo: {
        name: 'Ann',
        surname: 'Example',
        contacts: [
          { email: 'ann@example.com', phone: '+49 170 1234567' },
          { email: 'a@b.example', phone: '1' },
        ],
      },
    };
    expect((await agent.get(extended)).body).toEqual(expected);
    expect((await agent.get(linkAt(alone, 'info.link', 'participant-info'))).body).toEqual(
      expected,
    );
    // The visitor knows the id already, and nobody else learns anything.
    const own = await visitor.get('/info');
    expect(at(own.body, 'info.participantId')).toBe(ids.participantId);
    expect(own.text).not.toContain('participant-info');
    const other = await idp.fixture.agent('agent2');
    const path = `/participantExtendedInfo/${ids.participantId}`;
    expect((await other.get(path)).status).toBe(404);
    await chat.end();
    expect((await agent.get(path)).status).toBe(200);
    idp.fixture.clock.advance(31 * 60_000);
    expect((await agent.get(path)).status).toBe(404);
    await idp.fixture.clear();
  });

  it('[IDENT7] is not another: a wrong pair of ids is refused, and so is one that has its chat', async () => {
    const { id } = await idp.connect();
    const [ann, bob] = [
      await idp.identified(id, idp.now('ann')),
      await idp.identified(id, idp.now('bob')),
    ];
    const request = (more: object) =>
      idp.fixture.visit('POST', '/chat/request', { body: { request: more } });
    for (const [pair, words] of [
      [{ ...ann, participantId: bob.participantId }, 'name no authenticated visitor'],
      [{ ...ann, conversationId: bob.conversationId }, 'name no authenticated visitor'],
      [{ participantId: ann.participantId }, 'request.conversationId is required'],
      [{ conversationId: ann.conversationId }, 'request.participantId is required'],
    ] as const) {
      const reply = await request(pair);
      expect([reply.status, at(reply.body, 'error.message')]).toEqual([
        400,
        expect.stringContaining(words),
      ]);
    }
    const first = await request(ann);
    expect(first.status).toBe(201);
    expect((await request(ann)).status).toBe(400);
    idp.fixture.clock.advance(3_600_000);
    expect((await request(bob)).status).toBe(400);
    const { agent, chat } = await idp.fixture.chat();
    expect((await chat.get('/info')).text).not.toContain('participant');
    expect((await agent.get(`/participantExtendedInfo/${ann.participantId}`)).status).toBe(404);
    await idp.fixture.clear();
  });

  it('[IDENT10] is offered the oldest enabled connection with the engagement', async () => {
    for (const { id } of await idp.admin.list(CONNECTIONS)) {
      await idp.admin.require('DELETE', `${CONNECTIONS}/${id}`);
    }
    await idp.fixture.agent();
    const connector = async () => {
      const body = { appType: 'EXTERNAL' };
      const reply = await idp.fixture.visit('POST', '/app/engagement/visitors', { body });
      expect(at(reply.body, 'status')).toBe('Available');
      return at(reply.body, 'engagementDetails.connectorId');
    };
    expect(await connector()).toBeUndefined();
    const [off, on] = [await idp.connect({ isEnabled: false }), await idp.connect()];
    await idp.connect();
    expect(await connector()).toBe(on.id);
    await idp.admin.require('PUT', `${CONNECTIONS}/${off.id}`, { isEnabled: true });
    expect(await connector()).toBe(off.id);
    await idp.fixture.clear();
  });
});

describe('over a restart', () => {
  it('[IDENT5, IDENT7] used tokens stay used, and who was identified may still ask for the chat', async () => {
    const first = await Fixture.start({ outgoingAllow: ['127.0.0.1'] });
    const configuration = new ConfigurationFixture(first);
    const { id } = await configuration.require('POST', CONNECTIONS, {
      name: 'One',
      kind: 'jwt',
      issuer: ISSUER,
      publicKey: idp.rsa.pem,
    });
    const token = await idp.rsa.sign(claimsOf('ann', first.clock.now()));
    const body = { authChatConnId: id, ssoKey: token };
    const reply = await first.visit('POST', '/conversation', { body });
    expect(reply.status).toBe(201);
    const server = await first.server.restart();
    const ask = (path: string, asked: unknown) =>
      server.call('POST', path, { appKey: DEMO_VISITOR_KEY, body: asked });
    expect((await ask('/conversation', body)).status).toBe(401);
    const started = await ask('/chat/request', { request: reply.body });
    expect(started.status).toBe(201);
    const info = await server.call('GET', `${started.headers.location}/info`, {
      appKey: DEMO_VISITOR_KEY,
    });
    expect(at(info.body, 'info.participantId')).toBe(textAt(reply.body, 'participantId'));
    await server.stop();
  });
});
