/** A machine's clock that is set back or forward, or stands still while the machine sleeps. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hashToken } from '@parley/configuration/secrets/tokens';
import { DEMO_BOT_CLIENT } from '../src/index.js';
import { SigningClient } from './auth-client.js';
import { give } from './give.js';
import { Fixture } from './chat-fixture.js';
import {
  at,
  call,
  DEMO_ACCOUNT,
  DEMO_PASSWORD,
  FakeClock,
  startTestServer,
  textAt,
} from './harness.js';
import { WallClock } from './wall-clock.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const clock = new WallClock();
let fixture: Fixture;
beforeAll(async () => {
  // The fixture's own clock is not used: this one is.
  fixture = new Fixture(await startTestServer({ clock }), new FakeClock());
});
afterEach(async () => {
  await fixture.clear();
  clock.setRight();
  while (serverTime() > clock.now()) clock.advance(HOUR);
  fixture = new Fixture(fixture.server, new FakeClock());
});
afterAll(() => fixture.stop());

/** Epoch ms. */
function serverTime(): number {
  return fixture.server.running.server.clock.now();
}

/** Stops it and starts it again on the same data. */
async function restart(): Promise<void> {
  fixture = new Fixture(await fixture.server.restart(), new FakeClock());
}

const moves = [
  ['forward', HOUR],
  ['back', -HOUR],
] as const;

describe.each(moves)('a clock that is set %s by an hour', (_, move) => {
  it('[CLOCK1] sends nobody Away, whatever comes first: a chat rings on as long as it has to', async () => {
    const agent = await fixture.agent();
    const visitor = await fixture.visitor({ interactionTimeout: 600 });
    clock.advance(12 * SECOND);
    clock.set(move);
    // Before any timer: this is when the server finds the clock set.
    await visitor.line('still ringing?');
    expect([await agent.ringing(), await agent.availability()]).toEqual(['1', 'Online']);
    clock.advance(7 * SECOND);
    expect([await agent.ringing(), await agent.availability()]).toEqual(['1', 'Online']);
    // Set forward it may have slept, and then rings the whole time again.
    clock.advance(move < 0 ? 2 * SECOND : 14 * SECOND);
    expect([await agent.ringing(), await agent.availability()]).toEqual(['0', 'Away']);
  });

  it('[CLOCK1] loses an agent or a visitor after the silence that was set, no sooner or later', async () => {
    const agent = await fixture.agent();
    const early = await fixture.visitor({ interactionTimeout: 200 });
    await agent.accept();
    clock.advance(30 * SECOND);
    clock.set(move);
    await early.line('found by a request');
    await agent.get();
    clock.advance(119 * SECOND);
    expect((await agent.get()).status).toBe(200);
    clock.advance(121 * SECOND);
    expect((await agent.get()).status).toBe(404);
    expect((await early.feed()).at(-1)).toBe('ended');
    expect(await lastText(early.uri)).toBe('found by a request');
  });

  it('[CLOCK1] changes neither how long typing is shown nor when a visitor hears that all are busy', async () => {
    const { chat, visitor } = await fixture.chat();
    await visitor.put('/info/visitorTyping', { visitorTyping: 'typing' });
    const lonely = await fixture.visitor({ skill: 'Support', interactionTimeout: 600 });
    const typing = async () =>
      textAt((await chat.get('/info/visitorTyping')).body, 'visitorTyping');
    clock.set(move);
    expect(await typing()).toBe('typing');
    await lonely.line('?');
    clock.advance(9 * SECOND);
    expect(await typing()).toBe('typing');
    clock.advance(2 * SECOND);
    expect(await typing()).toBe('not-typing');
  });

  it('[CLOCK1] ends a wait when it was to end', async () => {
    const visitor = await fixture.visitor({ interactionTimeout: 600 });
    clock.advance(60 * SECOND);
    clock.set(move);
    await visitor.line('hello?');
    clock.advance(59 * SECOND);
    expect((await visitor.feed()).filter((word) => word === 'info:2')).toEqual([]);
    clock.advance(2 * SECOND);
    expect((await visitor.feed()).filter((word) => word === 'info:2')).toEqual(['info:2']);
  });

  it('[CLOCK1, CLOCK4] an ended chat can be read for half an hour, also over a restart', async () => {
    const visitor = await fixture.visitor();
    await visitor.end();
    const path = new URL(visitor.uri).pathname;
    const read = async () => (await fixture.visit('GET', fixture.server.http + path)).status;
    clock.advance(5 * MINUTE);
    clock.set(move);
    expect(await read()).toBe(200);
    clock.advance(10 * MINUTE);
    await restart();
    expect(await read()).toBe(200);
    clock.advance(14 * MINUTE);
    expect(await read()).toBe(200);
    clock.advance(2 * MINUTE);
    expect(await read()).toBe(404);
  });

  it('[CLOCK1] a visit is kept for six hours of silence', async () => {
    const host = await fixture.host();
    const seen = { type: 'visit.see', sessionId: 's', visitorId: `v${move}` } as const;
    await give<'visit.see'>(host, seen);
    clock.set(6 * move);
    await fixture.visitor();
    expect(host.state.visits.size).toBe(1);
    clock.advance(6 * HOUR - 10 * SECOND);
    expect(host.state.visits.size).toBe(1);
    clock.advance(20 * SECOND);
    expect(host.state.visits.size).toBe(0);
  });

  it('[CLOCK5] logins last as long as they were to, also when they are read again', async () => {
    const { bearer } = await fixture.server.login('agent1');
    const works = async () =>
      (await fixture.server.call('POST', '/agentSession?v=1&NC=true', { bearer })).status;
    clock.set(9 * move);
    expect(await works()).toBe(201);
    // A change of configuration reads the logins again; many new ones clear the old away.
    await fixture.server.configure({ readableSeconds: 1_800 });
    expect(await works()).toBe(201);
    clock.advance(8 * HOUR - 20 * SECOND);
    expect(await works()).toBe(201);
    clock.advance(21 * SECOND);
    expect(await works()).toBe(401);
  });

  it('[CLOCK5] so do the bearers of OAuth 2 clients', async () => {
    const body = { grant_type: 'client_credentials', ...DEMO_BOT_CLIENT_FORM };
    const token = await fixture.server.call('POST', '/oauth2/token', { body });
    const bearer = textAt(token.body, 'access_token');
    const works = async () =>
      (await fixture.server.call('POST', '/agentSession?v=1&NC=true', { bearer })).status;
    clock.set(2 * move);
    expect(await works()).toBe(201);
    clock.advance(HOUR - 20 * SECOND);
    expect(await works()).toBe(201);
    clock.advance(21 * SECOND);
    expect(await works()).toBe(401);
  });

  it('[CLOCK6] a sign-out ends the logins of before it, and none of after it', async () => {
    const { bearer } = await fixture.server.login('agent2');
    const admin = await fixture.server.login('admin1');
    clock.set(move);
    const path = `/configuration/le-users/users/${AGENT2}`;
    for (const isEnabled of [false, true]) {
      const changed = await fixture.server.call('PUT', path, {
        bearer: admin.bearer,
        body: { isEnabled },
      });
      expect(changed.status, changed.text).toBe(200);
    }
    const works = async (token: string) =>
      (await fixture.server.call('POST', '/agentSession?v=1&NC=true', { bearer: token })).status;
    expect(await works(bearer)).toBe(401);
    clock.advance(10);
    const again = await fixture.server.login('agent2');
    expect(await works(again.bearer)).toBe(201);
    await restart();
    expect(await works(bearer)).toBe(401);
    expect(await works(again.bearer)).toBe(201);
  });

  it('[CLOCK6] so it does when the clock was wrong by hours, and right after a restart', async () => {
    const admin = await fixture.server.login('admin1');
    const setEnabled = async (isEnabled: boolean) => {
      const path = `/configuration/le-users/users/${AGENT2}`;
      const options = { bearer: admin.bearer, body: { isEnabled } };
      expect((await fixture.server.call('PUT', path, options)).status).toBe(200);
    };
    const open = async (bearer: string) =>
      (await fixture.server.call('POST', '/agentSession?v=1&NC=true', { bearer })).status;
    clock.set(5 * move);
    await setEnabled(false);
    await setEnabled(true);
    clock.setRight();
    await restart();
    clock.advance(SECOND);
    // The sign-out lies hours ahead, or behind; what is opened now comes after it all the same.
    const { bearer } = await fixture.server.login('agent2');
    const agent = await fixture.agent('agent2');
    await restart();
    const { pathname } = new URL(agent.uri);
    const session = await call('GET', fixture.server.http + pathname, { bearer });
    expect([session.status, await open(bearer)]).toEqual([200, 201]);
    // And the next sign-out comes after both.
    await setEnabled(false);
    await setEnabled(true);
    expect(await open(bearer)).toBe(401);
    await restart();
    expect(await open(bearer)).toBe(401);
  });

  it('[CLOCK6] it ends also what was opened while the clock was wrong by hours', async () => {
    const admin = await fixture.server.login('admin1');
    clock.set(5 * move);
    const before = await fixture.server.login('agent2');
    const other = await fixture.server.login('agent1');
    const form = { grant_type: 'client_credentials', ...DEMO_BOT_CLIENT_FORM };
    const token = await fixture.server.call('POST', '/oauth2/token', { body: form });
    const client = { bearer: textAt(token.body, 'access_token') };
    clock.setRight();
    await restart();
    const open = async ({ bearer }: { readonly bearer: string }) =>
      (await fixture.server.call('POST', '/agentSession?v=1&NC=true', { bearer })).status;
    const opened = async () => [await open(before), await open(other), await open(client)];
    expect(await opened()).toEqual([201, 201, 201]);
    for (const isEnabled of [false, true]) {
      const options = { bearer: admin.bearer, body: { isEnabled } };
      const user = `/configuration/le-users/users/${BOT1}`;
      expect((await fixture.server.call('PUT', user, options)).status).toBe(200);
    }
    const path = `/configuration/le-users/users/${AGENT2}/resetPassword`;
    const body = { newPassword: DEMO_PASSWORD, changePwdNextLogin: false };
    const { store } = fixture.server.running.server;
    const logins = await store.logins.load(DEMO_ACCOUNT, 0);
    const record = logins.find(({ bearerHash }) => bearerHash === hashToken(before.bearer));
    const reset = await fixture.server.call('POST', path, { bearer: admin.bearer, body });
    expect(reset.status, reset.text).toBe(200);
    expect(await opened()).toEqual([401, 201, 401]);
    // Whoever finds both, after a stop in between, goes by their times.
    if (record !== undefined) await store.logins.put(DEMO_ACCOUNT, record);
    await restart();
    expect(await opened()).toEqual([401, 201, 401]);
  });

  it('[CLOCK7] and then right again: signed requests are taken, and none of them twice', async () => {
    const client = new SigningClient(clock);
    const url = `${fixture.base}/agentSession?v=1`;
    const before = { authorization: client.sign('POST', url) };
    expect((await call('POST', url, { headers: before })).status).toBe(201);
    clock.set(move);
    clock.advance(MINUTE);
    // Taken or not, as long as it is not taken twice.
    const during = { authorization: client.sign('POST', url) };
    const first = (await call('POST', url, { headers: during })).status;
    expect((await call('POST', url, { headers: during })).status).toBe(401);
    if (move > 0) expect(first).toBe(201);
    clock.set(-move);
    expect((await client.call('POST', url)).status).toBe(201);
    expect((await call('POST', url, { headers: before })).status).toBe(401);
    expect((await call('POST', url, { headers: during })).status).toBe(401);
  });
});

describe('a process that is stopped for a while', () => {
  it('[CLOCK2] goes on with the whole time for everybody, whatever comes first', async () => {
    const { agent, chat, visitor } = await fixture.chat({}, 'bot1');
    await (await fixture.agent('agent1')).become('Away');
    await agent.become('Online');
    const waiting = await fixture.visitor();
    clock.advance(15 * SECOND);
    clock.standStill(10 * MINUTE);
    // By now each of them would have been silent for ten minutes, and the chat would ring as long.
    expect(await waiting.line('I was first')).toBe(2);
    expect([await agent.ringing(), await agent.availability()]).toEqual(['1', 'Online']);
    clock.advance(19 * SECOND);
    expect([await agent.ringing(), await agent.availability()]).toEqual(['1', 'Online']);
    expect(await chat.line('still here')).toBe(4);
    expect(await visitor.line('so am I')).toBe(5);
    clock.advance(2 * SECOND);
    expect([await agent.ringing(), await agent.availability()]).toEqual(['0', 'Away']);
  });

  it('[CLOCK2] also when the clock was set back before, and what rings would be over', async () => {
    const agent = await fixture.agent('bot1');
    clock.set(-30 * MINUTE);
    const waiting = await fixture.visitor();
    clock.advance(5 * SECOND);
    clock.standStill(10 * MINUTE);
    expect(await waiting.line('still here')).toBe(2);
    expect([await agent.ringing(), await agent.availability()]).toEqual(['1', 'Online']);
    clock.advance(19 * SECOND);
    expect([await agent.ringing(), await agent.availability()]).toEqual(['1', 'Online']);
  });

  it('[CLOCK2] at whatever moment, also while something is found to be due', async () => {
    for (let looks = 1; looks <= 12; looks += 1) {
      const ringing = await fixture.agent('agent1');
      const silent = await fixture.agent('bot1');
      await silent.become('Away');
      await fixture.visitor();
      clock.standStillAt(looks, 10 * MINUTE);
      clock.advance(21 * SECOND);
      const found = [await silent.availability(), (await ringing.get()).status];
      expect([looks, ...found]).toEqual([looks, 'Away', 200]);
      await fixture.clear();
    }
  });

  it('[CLOCK2] a machine that slept is no other', async () => {
    const agent = await fixture.agent('bot1');
    const waiting = await fixture.visitor();
    clock.set(8 * HOUR);
    clock.advance(5 * SECOND);
    expect([await agent.ringing(), await agent.availability()]).toEqual(['1', 'Online']);
    expect(await waiting.line('good morning')).toBe(2);
  });
});

describe('times that are shown', () => {
  const timesOf = async (uri: string) => {
    const { body } = await fixture.visit('GET', `${uri}/events`);
    const events = at(body, 'events.event') as { time: string }[];
    return events.map(({ time }) => Date.parse(time));
  };

  it('[SEC60, CLOCK3] go on in order when the clock is set back, and are right again in time', async () => {
    const visitor = await fixture.visitor();
    clock.set(-10 * MINUTE);
    await visitor.line('before or after?');
    clock.advance(SECOND);
    await visitor.line('after');
    const times = await timesOf(visitor.uri);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    clock.advance(10 * MINUTE);
    expect((serverTime() - clock.now()) / MINUTE).toBeCloseTo(5, 1);
    clock.advance(11 * MINUTE);
    expect(serverTime()).toBe(clock.now());
  });

  it('[SEC60, CLOCK3] go on in order when it is set back while the server is off', async () => {
    const visitor = await fixture.visitor({ interactionTimeout: 600 });
    await visitor.line('first');
    clock.set(-20 * MINUTE);
    await restart();
    const uri = fixture.server.http + new URL(visitor.uri).pathname;
    const body = { event: { '@type': 'line', text: 'second' } };
    expect((await fixture.visit('POST', `${uri}/events`, { body })).status).toBe(201);
    const times = await timesOf(uri);
    expect(times).toHaveLength(4);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('[SEC60, CLOCK3] follow a clock that is set forward at once', async () => {
    clock.set(3 * HOUR);
    const visitor = await fixture.visitor();
    const [first = 0] = await timesOf(visitor.uri);
    expect(Math.abs(first - clock.now())).toBeLessThan(SECOND);
  });
});

const DEMO_BOT_CLIENT_FORM = {
  client_id: DEMO_BOT_CLIENT.appKey,
  client_secret: DEMO_BOT_CLIENT.secret,
};
const AGENT2 = 102;
const BOT1 = 103;

/** The text of the last line that somebody wrote. */
async function lastText(uri: string): Promise<string | undefined> {
  const { body } = await fixture.visit('GET', `${uri}/events`);
  const events = at(body, 'events.event') as { text?: string; source?: string }[];
  return events.findLast(({ source }) => source === 'visitor')?.text;
}
