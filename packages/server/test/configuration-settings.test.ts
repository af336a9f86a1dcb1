import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigurationFixture, SKILLS, type ApiRecord, USERS } from './configuration-fixture.js';
import { at, linkAt } from './harness.js';

let fixture: ConfigurationFixture;
beforeAll(async () => {
  fixture = await ConfigurationFixture.start();
});
afterAll(() => fixture.stop());

const SETTINGS = '/configuration/settings';
const AUDIT = '/configuration/audit';

const DEFAULTS = {
  timeZone: 'UTC',
  language: 'en-US',
  texts: [],
  ringSeconds: 20,
  agentLostSeconds: 120,
  visitorTimeoutSeconds: 40,
  typingSeconds: 10,
  readableSeconds: 1800,
  maxWaitSeconds: 120,
  answerLimitSeconds: 60,
  sessionTtlSeconds: 28_800,
  nobodyOnline: { atStart: 'wait', afterMaxWait: 'wait' },
  besideWhenAgentLeaves: 'stay',
  openingHours: { days: [], holidays: [] },
  passwordPolicy: { minLength: 8 },
  visitorOrigins: ['*'],
  agentOrigins: [],
  workspacePages: [],
  retentionDays: 0,
  visitorPreview: false,
  mail: { host: '' },
};

const put = (settings: Readonly<Record<string, unknown>>) =>
  fixture.require('PUT', SETTINGS, settings);

describe('the settings', () => {
  it('[CFG80] have the defaults of the contract', async () => {
    const reply = await fixture.call('GET', SETTINGS);
    expect(reply.body).toEqual(DEFAULTS);
    expect(reply.headers.etag).toBe('"0"');
  });

  it('[CFG80] are changed one by one, and keep what is not given', async () => {
    const first = await put({ ringSeconds: 30, timeZone: 'Europe/Athens' });
    expect(first).toEqual({ ...DEFAULTS, ringSeconds: 30, timeZone: 'Europe/Athens' });
    const second = await put({ nobodyOnline: { afterMaxWait: 'end' }, retentionDays: 30 });
    expect(second).toEqual({
      ...first,
      nobodyOnline: { atStart: 'wait', afterMaxWait: 'end' },
      retentionDays: 30,
    });
    expect(await fixture.require('GET', SETTINGS)).toEqual(second);
    const stale = await fixture.call('PUT', SETTINGS, { ringSeconds: 9 }, { ifMatch: '"1"' });
    expect(stale.status).toBe(412);
    const revision = await fixture.revision(SETTINGS);
    expect(await put({ ringSeconds: 30 })).toEqual(second);
    expect(await fixture.revision(SETTINGS)).toBe(revision);
    expect(await put(DEFAULTS)).toEqual(DEFAULTS);
  });

  it.each([
    [{ timeZone: 'Europe/Atlantis' }, 'timeZone "Europe/Atlantis" is none'],
    [{ timeZone: '' }, 'timeZone ""'],
    [{ language: 'x y' }, 'language "x y" is no language tag'],
    [{ ringSeconds: 4 }, 'ringSeconds must be at least 5, got 4.'],
    [{ ringSeconds: 2.5 }, 'ringSeconds must be a whole number'],
    [{ agentLostSeconds: 29 }, 'agentLostSeconds must be at least 30'],
    [{ visitorTimeoutSeconds: 601 }, 'visitorTimeoutSeconds must be at most 600'],
    [{ typingSeconds: 1 }, 'typingSeconds must be at least 2'],
    [{ readableSeconds: 59 }, 'readableSeconds must be at least 60'],
    [{ maxWaitSeconds: 86_401 }, 'maxWaitSeconds must be at most 86400'],
    [{ sessionTtlSeconds: 299 }, 'sessionTtlSeconds must be at least 300'],
    [{ retentionDays: -1 }, 'retentionDays must be at least 0'],
    [{ nobodyOnline: { atStart: 'ask' } }, 'nobodyOnline.atStart must be one of wait, refuse'],
    [{ passwordPolicy: { minLength: 7 } }, 'passwordPolicy.minLength must be at least 8'],
    [{ visitorOrigins: ['example.com'] }, 'visitorOrigins "example.com" is no origin'],
    [{ agentOrigins: ['*'] }, 'agentOrigins "*" is no origin'],
    [
      { texts: [{ language: 'de', systemMessageId: 7, text: 'x' }] },
      'texts[0].systemMessageId must be one of 2, 3, 4, 5, 6, 13, 15, 23',
    ],
    [{ texts: [{ language: 'de' }] }, 'texts[0].systemMessageId is required'],
    [
      {
        texts: [
          { language: 'de', systemMessageId: 2, text: 'a' },
          { language: 'DE', systemMessageId: 2, text: 'b' },
        ],
      },
      'message 2 of de twice',
    ],
    [{ mail: { host: 'mail example' } }, 'mail.host "mail example"'],
    [{ mail: { host: 'mail.example.com', from: 'nobody' } }, 'mail.from "nobody"'],
    [{ mail: { host: 'mail.example.com' } }, 'mail.from ""'],
    [{ mail: { host: 'mail.example.com', from: 'a@b.example', port: 0 } }, 'mail.port must be'],
    [{ mail: { host: 'm.example', from: 'a@b.example\r\nBcc: x@y' } }, 'mail.from'],
  ])('[CFG81] refuse %j, saying why', async (settings, words) => {
    expect(await fixture.refused('PUT', SETTINGS, settings)).toEqual([
      400,
      expect.stringContaining(words),
    ]);
  });

  const day = (weekday: string, from: string, to: string) => ({ weekday, from, to });

  it('[CFG82] know opening hours with several parts a day, and holidays', async () => {
    const openingHours = {
      days: [day('Monday', '09:00', '12:00'), day('Monday', '13:00', '24:00')],
      holidays: [{ date: '2024-12-24', from: '09:00', to: '12:00' }, { date: '2024-12-25' }],
    };
    expect(await put({ openingHours })).toMatchObject({ openingHours });
    expect(await put({ openingHours: {} })).toMatchObject({
      openingHours: { days: [], holidays: [] },
    });
  });

  it.each([
    [{ days: [day('Funday', '09:00', '10:00')] }, 'days[0].weekday must be one of Monday'],
    [{ days: [day('Monday', '9:00', '10:00')] }, 'days[0].from "9:00" is no time of day'],
    [{ days: [day('Monday', '09:00', '24:01')] }, 'days[0].to "24:01" is no time of day'],
    [{ days: [day('Monday', '18:00', '02:00')] }, 'two parts'],
    [{ days: [day('Monday', '09:00', '09:00')] }, 'not after it begins'],
    [
      { days: [day('Monday', '09:00', '12:00'), day('Monday', '11:59', '13:00')] },
      'Monday overlap at 11:59',
    ],
    [{ holidays: [{ date: '2024-02-30' }] }, 'holidays[0].date "2024-02-30" is no date'],
    [{ holidays: [{ date: '24.12.2024' }] }, 'yyyy-MM-dd'],
    [{ holidays: [{ date: '2024-12-24', from: '09:00' }] }, 'holidays[0].to'],
  ])('[CFG82] refuse the opening hours %j', async (openingHours, words) => {
    const [status, message] = await fixture.refused('PUT', SETTINGS, { openingHours });
    expect([status, message]).toEqual([400, expect.stringContaining(words)]);
  });

  it('[CFG83] never show the mail server’s password, and keep it for that server alone', async () => {
    const password = 'mail server secret';
    const mail = { host: 'mail.example.com', user: 'shop', from: 'Shop <shop@example.com>' };
    const answered = { ...mail, port: 587, secure: false };
    const stored = async () => {
      const account = await fixture.fixture.server.running.server.accounts.get('12345678');
      return account?.setup.settings.mail;
    };
    expect(await put({ mail: { ...mail, password } })).toMatchObject({ mail: answered });
    expect(await stored()).toMatchObject({ password });
    expect(await put({ mail: { port: 2525 } })).toMatchObject({
      mail: { ...answered, port: 2525 },
    });
    expect(await stored()).toMatchObject({ password });
    await put({ mail: { host: 'elsewhere.example.com' } });
    expect(await stored()).toMatchObject({ host: 'elsewhere.example.com', password: '' });
    await put({ mail: { ...mail, password, secure: true, port: 465 } });
    expect(await stored()).toMatchObject({ password, secure: true, port: 465 });
    await put({ mail: { host: '' } });
    expect(await stored()).toBeNull();
    const read = await Promise.all(
      [SETTINGS, AUDIT].map(async (path) => (await fixture.call('GET', path)).text),
    );
    expect(read.join() + fixture.fixture.server.log).not.toContain(password);
  });

  it('[CFG84] let the browsers in that they list', async () => {
    const origin = 'https://desk.example.com';
    const ask = async () => {
      const { bearer } = await fixture.fixture.login('agent1');
      const reply = await fixture.fixture.server.call('GET', `${USERS}/101`, {
        bearer,
        headers: { origin },
      });
      return reply.headers['access-control-allow-origin'];
    };
    expect(await ask()).toBeUndefined();
    await put({ agentOrigins: [`${origin}/`, 'http://localhost:5173'] });
    expect(await ask()).toBe(origin);
    expect(await put({ agentOrigins: [] })).toMatchObject({ agentOrigins: [] });
    expect(await ask()).toBeUndefined();
  });
});

describe('the audit log', () => {
  const entries = (body: unknown) => at(body, 'entries') as ApiRecord[];

  it('[CFG90] records who changed what, when and from where', async () => {
    const skill = await fixture.require('POST', SKILLS, { name: 'Audited' });
    fixture.fixture.clock.advance(1000);
    await fixture.require('PUT', `${SKILLS}/${skill.id}`, { maxWaitTime: 7, name: 'Audited' });
    await fixture.require('DELETE', `${SKILLS}/${skill.id}`);
    const reply = await fixture.call('GET', `${AUDIT}?limit=3`);
    const common = { actor: 'user:105', actorName: 'admin1', target: `skill:${skill.id}` };
    expect(entries(reply.body)).toMatchObject([
      { ...common, action: 'skill.delete', detail: { name: 'Audited' } },
      { ...common, action: 'skill.change', detail: { maxWaitTime: 7 }, from: '127.0.0.1' },
      { ...common, action: 'skill.create', time: '2024-07-01T12:00:00.000+00:00' },
    ]);
    expect(at(reply.body, 'entries.1.detail')).toEqual({ maxWaitTime: 7 });
    expect(at(reply.body, 'entries.1.time')).toBe('2024-07-01T12:00:01.000+00:00');
  });

  it('[CFG91] is answered in pages, each leading to the older', async () => {
    const whole = entries((await fixture.call('GET', `${AUDIT}?limit=500`)).body);
    expect(whole.length).toBeGreaterThan(5);
    const found: ApiRecord[] = [];
    for (let path: string | null = `${AUDIT}?limit=4`; path !== null; ) {
      const { body } = await fixture.call('GET', path);
      found.push(...entries(body));
      path = at(body, 'link') === undefined ? null : linkAt(body, 'link', 'next');
    }
    expect(found).toEqual(whole);
    expect(found.at(-1)?.id).toBe(1);
    for (const query of ['limit=0', 'limit=501', 'before=0', 'before=x']) {
      expect((await fixture.refused('GET', `${AUDIT}?${query}`))[0]).toBe(400);
    }
  });

  it('[CFG92] is only added to, and not by what changes nothing', async () => {
    for (const method of ['PUT', 'POST', 'DELETE']) {
      expect((await fixture.refused(method, AUDIT, {}))[0]).toBe(405);
    }
    const newest = async () => entries((await fixture.call('GET', `${AUDIT}?limit=1`)).body)[0]?.id;
    const before = await newest();
    const user = await fixture.require('GET', `${USERS}/101`);
    await fixture.require('PUT', `${USERS}/101`, { ...user });
    await fixture.refused('PUT', `${USERS}/101`, { skillIds: [99] });
    expect(await newest()).toBe(before);
  });
});
