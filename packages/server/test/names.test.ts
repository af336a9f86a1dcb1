/** Names: compared in one way when they are kept and when they are looked up, and always visible. */
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  HASH_OF_NOBODY,
  hashPassword,
  verifyPassword,
} from '@parley/configuration/secrets/password';
import { loginNameKey, NameIndex } from '@parley/configuration/records/names';
import { GROUPS, ConfigurationFixture, SKILLS, USERS } from './configuration-fixture.js';
import { at, DEMO_ACCOUNT, DEMO_PASSWORD } from './harness.js';
import { SALES, SUPPORT, type Fixture } from './chat-fixture.js';

let configuration: ConfigurationFixture;
let fixture: Fixture;
beforeAll(async () => {
  configuration = await ConfigurationFixture.start();
  fixture = configuration.fixture;
});
afterEach(() => fixture.clear());
afterAll(() => configuration.stop());

/** Ways in which people and systems write the same name. */
const SPELLINGS: readonly ((name: string) => string)[] = [
  (name) => ` ${name}\u3000`,
  (name) => name.toUpperCase(),
  (name) => name.normalize('NFD'),
  (name) => name.replace('ss', 'ß'),
  (name) => name.replaceAll(/[a-z]/g, (c) => String.fromCodePoint(c.charCodeAt(0) + 0xfee0)),
];

describe('comparing', () => {
  it('[NAME10] however a name is written, it has one key; keys are their own keys', () => {
    const name = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.constantFrom('Straße', 'ΟΔΟΣ', 'İstanbul', 'ŉ', 'ﬁsh', 'Å', 'ẞ', 'ᾳ', 'k', 'ſ'),
    );
    fc.assert(
      fc.property(name, (text) => {
        const key = loginNameKey(text);
        expect(loginNameKey(key)).toBe(key);
        for (const same of [text.normalize('NFD'), text.normalize('NFKC'), ` ${text}\t`]) {
          expect(loginNameKey(same)).toBe(key);
        }
        expect(loginNameKey(text.toUpperCase())).toBe(key);
      }),
      { numRuns: 500 },
    );
    expect(loginNameKey('STRASSE')).toBe(loginNameKey('straße'));
    expect(loginNameKey('ΟΔΟΣ')).toBe(loginNameKey('οδοσ'));
    expect(loginNameKey('a  b')).toBe(loginNameKey('a\u00a0b'));
    expect(loginNameKey('می\u200cخ')).toBe(loginNameKey('میخ'));
  });

  it('[NAME11] of names kept before they were compared so, each is found as it is spelled', () => {
    const records = ['straße', 'strasse', 'Ann', 'Jose\u0301'].map((name, id) => ({ name, id }));
    const index = new NameIndex<{ id: number; name: string }>(
      ({ name }) => name,
      loginNameKey,
      records,
    );
    expect(index.get('straße')?.id).toBe(0);
    expect(index.get('strasse')?.id).toBe(1);
    expect(index.get('STRASSE')?.id).toBe(0);
    expect(index.get('ann ')?.id).toBe(2);
    expect(index.get('José')?.id).toBe(3);
    expect(index.get('nobody')).toBeUndefined();
    expect(index.values()).toHaveLength(4);
  });

  it('[NAME11] records of before are found by the API: their keys are made anew at each load', async () => {
    const { store, accounts } = fixture.server.running.server;
    const { items } = await store.config.list(DEMO_ACCOUNT, 'user');
    const user = JSON.parse(items.find(({ id }) => id === 101)?.data ?? '{}');
    const data = JSON.stringify({ ...user, loginName: 'Jose\u0301 Weiß' });
    // As an earlier build kept it: its key is neither composed nor folded as keys are now.
    const nameKey = 'jose\u0301 weiß';
    await store.config.write(DEMO_ACCOUNT, {
      changes: [{ op: 'create', kind: 'user', nameKey, data }],
    });
    await accounts.refresh(DEMO_ACCOUNT);
    for (const loginName of ['José Weiß', 'JOSÉ WEISS', ' jose\u0301  weiß ']) {
      await expect(fixture.server.login(loginName)).resolves.toBeDefined();
    }
    const taken = await configuration.refused('POST', USERS, { loginName: 'José WEISS' });
    expect(taken[0]).toBe(409);
  });

  it('[NAME10] a login name, in whatever spelling, logs in, takes chats and is taken', async () => {
    await configuration.require('POST', USERS, {
      loginName: ' Grosse Bjo\u0308rk ',
      passwordSh: DEMO_PASSWORD,
      skillIds: [SALES],
    });
    const [user] = (await configuration.list(USERS)).filter(
      ({ loginName }) => loginName === 'Grosse Björk',
    );
    expect(user).toBeDefined();
    for (const spelled of SPELLINGS) {
      const name = spelled('Grosse Björk');
      await expect(fixture.server.login(name)).resolves.toBeDefined();
      const { status } = await fixture.visit(
        'GET',
        `/chat/availableSlots?agent=${encodeURIComponent(name)}`,
      );
      expect([name, status]).toEqual([name, 200]);
      expect((await configuration.refused('POST', USERS, { loginName: name }))[0]).toBe(409);
    }
  });

  it('[NAME10] so do skills, groups, surveys and canned texts', async () => {
    const made = await configuration.require('POST', SKILLS, { name: ' Pro\u0308fessor ' });
    expect(made['name']).toBe('Pröfessor');
    for (const spelled of SPELLINGS) {
      const name = spelled('Pröfessor');
      const skill = encodeURIComponent(name);
      expect((await fixture.visit('GET', `/chat/availability?skill=${skill}`)).status).toBe(200);
      expect((await configuration.refused('POST', SKILLS, { name }))[0]).toBe(409);
    }
    const texts = [{ language: 'en', text: 'Hi' }];
    const kinds: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
      [GROUPS, {}],
      ['/configuration/surveys', { kind: 'preChat', questions: [] }],
      ['/configuration/canned-content', { texts }],
      ['/configuration/canned-content/categories', {}],
    ];
    for (const [path, fields] of kinds) {
      const { id } = await configuration.require('POST', path, { ...fields, name: 'Große Tür' });
      const again = { ...fields, name: ' GROSSE TU\u0308R' };
      expect([path, (await configuration.refused('POST', path, again))[0]]).toEqual([path, 409]);
      await configuration.require('DELETE', `${path}/${id}`);
    }
  });

  it('[NAME10] so do the languages of texts and visitors', async () => {
    const texts = [{ language: 'DE-de', systemMessageId: 4, text: 'Guten Tag' }];
    await configuration.require('PUT', '/configuration/settings', { texts });
    for (const language of ['de-DE', 'de_de', ' DE-DE ']) {
      const visitor = await fixture.visitor({ language });
      expect((await visitor.events())[1]).toMatchObject({ text: 'Guten Tag' });
    }
    await configuration.require('PUT', '/configuration/settings', { texts: [] });
  });

  it('[NAME10] a password is the same however its letters are composed', async () => {
    const [composed, apart] = ['Zöe–pässwörd', 'Zo\u0308e–pa\u0308sswo\u0308rd'];
    const hash = await hashPassword(apart);
    expect(await verifyPassword(hash, composed)).toBe(true);
    expect(await verifyPassword(hash, apart)).toBe(true);
    expect(await verifyPassword(hash, `${composed} `)).toBe(false);
    expect(await verifyPassword(HASH_OF_NOBODY, apart)).toBe(false);
  });
});

describe('a skill called 11', () => {
  it('[VIS10] is never taken for the skill with the id 11, nor the other way round', async () => {
    const { id: called11 } = await configuration.require('POST', SKILLS, { name: '11' });
    await fixture.changeUser(101, { skillIds: [called11] });
    await fixture.changeUser(102, { skillIds: [SALES] });
    const [anna, ben] = [await fixture.agent('agent1'), await fixture.agent('agent2')];
    const rings = async (request: Readonly<Record<string, unknown>>) => {
      const visitor = await fixture.visitor(request);
      const ringing = [await anna.ringing(), await ben.ringing()];
      await visitor.end();
      return ringing;
    };
    expect(await rings({ skill: '11' })).toEqual(['1', '0']);
    expect(await rings({ serviceQueue: '11' })).toEqual(['1', '0']);
    expect(await rings({ skillId: 11 })).toEqual(['0', '1']);
    expect(await rings({ skillId: '11' })).toEqual(['0', '1']);
    expect(await rings({ skillId: called11 })).toEqual(['1', '0']);
    await ben.become('Away');
    const shown = async (query: string) => {
      const replies = await Promise.all(
        ['availability', 'availableSlots', 'estimatedWaitTime'].map((resource) =>
          fixture.visit('GET', `/chat/${resource}?${query}`),
        ),
      );
      return replies.map(({ body }) => Object.values(body as object)[0]);
    };
    expect(await shown('skill=11')).toEqual([true, 10, 0]);
    expect(await shown('skillId=11')).toEqual([false, 0, -1]);
    const agents = async (query: string) =>
      [at((await anna.get(`/availableAgents?${query}`)).body, 'availableAgents.agents.agent')]
        .flat()
        .map((agent) => at(agent, '@id'));
    expect(await agents('skill=11')).toEqual(['101']);
    expect(await agents('skillId=11')).toContain('102');
    expect(await agents('skillId=11')).not.toContain('101');
    // Nor once it is gone: the name is nobody's, and not another skill's id.
    await configuration.require('DELETE', `${SKILLS}/${called11}`);
    expect((await fixture.visit('GET', '/chat/availability?skill=11')).status).toBe(400);
    await fixture.changeUser(101, { skillIds: [SALES, SUPPORT] });
    await fixture.changeUser(102, { skillIds: [SALES, SUPPORT] });
  });
});

const HIDDEN = [
  '\u202Eevil',
  'a\u200bb',
  'a\nb',
  'a\u2028b',
  'a\u0085b',
  'a\u001b[2J',
  'x\u{e0061}',
];
const BLANK = [' ', '\u200b', '\u2800', '\u3164', '\u00ad'];

describe('what a name may hold', () => {
  it.each([
    [USERS, { passwordSh: DEMO_PASSWORD }, 'loginName'],
    [USERS, { loginName: 'somebody' }, 'nickname'],
    [USERS, { loginName: 'somebody' }, 'fullName'],
    [SKILLS, {}, 'name'],
    [GROUPS, {}, 'name'],
    ['/configuration/surveys', { kind: 'preChat' }, 'name'],
    ['/configuration/canned-content', { texts: [{ language: 'en', text: 'Hi' }] }, 'name'],
    ['/configuration/canned-content/categories', {}, 'name'],
  ] as const)('[NAME1] %s: nothing hidden, no blank name (%j, %s)', async (path, fields, field) => {
    for (const name of [...HIDDEN, ...BLANK]) {
      const [status, message] = await configuration.refused('POST', path, {
        ...fields,
        [field]: name,
      });
      expect([name, status, message]).toEqual([name, 400, expect.stringContaining(field)]);
      expect(message).not.toMatch(/[\p{Cc}\p{Zl}\u202e\u200b]/u);
    }
  });

  it('[NAME12] a visitor who asks for a chat under such a name gets it, under the usual one', async () => {
    for (const visitorName of [...HIDDEN, ...BLANK, '']) {
      const { chat, visitor } = await fixture.chat({ visitorName });
      expect(at((await chat.get('/info')).body, 'info.visitorName')).toBe('visitor');
      expect(at((await visitor.get('/info')).body, 'info.visitorName')).toBe('You');
      await visitor.end();
    }
    const { chat } = await fixture.chat({ visitorName: ' Jose\u0301 👩‍💻 می\u200cخ ' });
    expect(at((await chat.get('/info')).body, 'info.visitorName')).toBe('José 👩‍💻 می\u200cخ');
  });

  it('[NAME12] and is refused when changing to one', async () => {
    const { visitor } = await fixture.chat({ visitorName: 'Zoë' });
    for (const visitorName of [...HIDDEN, ...BLANK, '']) {
      const reply = await visitor.put('/info/visitorName', { visitorName });
      expect([reply.status, at(reply.body, 'error.message')]).toEqual([
        400,
        expect.stringMatching(/^visitorName must /),
      ]);
    }
    const named = await visitor.put('/info/visitorName', { visitorName: ' Zoe\u0308 K. ' });
    expect(named.body).toEqual({ visitorName: 'Zoë K.' });
    expect(at((await visitor.get('/info')).body, 'info.visitorName')).toBe('Zoë K.');
  });

  it('[NAME1] names of custom variables are compared as they are kept', async () => {
    const { chat, visitor } = await fixture.chat();
    const put = (name: string, value: string) =>
      visitor.put('/customVariables', { customVariables: { customVariable: [{ name, value }] } });
    await put('gro\u0308sse', '1');
    const kept = await put(' grösse ', '2');
    expect(at(kept.body, 'customVariables.customVariable')).toEqual({ name: 'grösse', value: '2' });
    expect((await put('a\u202Eb', '1')).status).toBe(400);
    await chat.end();
  });
});
