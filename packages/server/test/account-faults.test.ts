/**
 * What goes wrong in one account is that account's alone: it answers 503, is loaded again, and the
 * others go on. Faults are planted into the live state of the demo account; whatever is left unhandled
 * fails the whole run.
 */
import { openSqliteStore } from '@parley/store';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AccountHost } from '@parley/runtime/accounts/account-host';
import { Accounts } from '@parley/runtime/accounts/accounts';
import { guardedClock } from '@parley/runtime/clock/guarded-clock';
import { Hub } from '@parley/runtime/hub';
import { defaultMemoryLimits, ProcessMemory } from '@parley/runtime/accounts/process-memory';
import { SteadyClock } from '@parley/runtime/clock/steady-clock';
import { creation } from '@parley/configuration/records/record-changes';
import { createLog } from '../src/log.js';
import { Fixture } from './chat-fixture.js';
import { give } from './give.js';
import { FakeClock, type Reply, textAt } from './harness.js';
import { MailServer } from './mail-server.js';
import { ENGAGEMENT } from './visit-fixture.js';

const OTHER = 'other_shop';
const OTHER_KEY = 'other-shop-visitor-key';

/** What was said: it must stand in no log. */
const SAID = 'my card is 4111 1111 1111 1111';

const planted = () => {
  // As of the language: its message holds what it fell over.
  throw new TypeError(`${SAID} is not a function`);
};

const refusal = ({ status, headers }: Reply) => [status, headers['retry-after']];

describe('an error of one account', () => {
  let fixture: Fixture;
  let other: string;
  beforeAll(async () => {
    fixture = await Fixture.start();
    const { store, accounts } = fixture.server.running.server;
    await store.accounts.create({ id: OTHER, createdAt: 0 });
    const key = {
      key: OTHER_KEY,
      kind: 'visitor',
      name: 'page',
      userId: null,
      secretHash: null,
      accessToken: null,
      accessTokenSecretHash: null,
      sealedSecret: null,
      sealedAccessTokenSecret: null,
      origins: [],
      trusted: false,
    } as const;
    await store.config.write(OTHER, { changes: [creation('appKey', key)] });
    await accounts.get(OTHER);
    other = fixture.base.replace(/[^/]+$/, OTHER);
  });
  afterEach(async () => {
    expect(fixture.server.log).not.toContain('4111');
    await fixture.clear();
  });
  afterAll(() => fixture.stop());

  const ask = () => fixture.visit('POST', '/chat/request', { body: { request: {} } });
  const report = () => fixture.visit('POST', ENGAGEMENT, { body: {} });
  const askOther = () =>
    fixture.server.call('POST', `${other}/chat/request`, { appKey: OTHER_KEY, body: {} });

  /** The demo account answers 503, the other one serves; then it is back, as it was. */
  async function failsAlone(host: AccountHost, failing: () => Promise<Reply>): Promise<void> {
    const [refused, served] = await Promise.all([failing(), askOther()]);
    expect(refusal(refused)).toEqual([503, '1']);
    expect(served.status).toBe(201);
    await comesBack(host);
  }

  async function comesBack(host: AccountHost): Promise<void> {
    expect((await askOther()).status).toBe(201);
    fixture.clock.advance(1_000);
    await vi.waitFor(async () => expect((await ask()).status).toBe(201));
    expect(await fixture.host()).not.toBe(host);
    expect(fixture.server.log).toContain('dropped from memory');
    expect(fixture.server.running.server.memory.held.live).toBeGreaterThan(0);
  }

  it('[FAULT1] in deciding a command', async () => {
    const host = await fixture.host();
    vi.spyOn(host.state.memory, 'bytesToUse').mockImplementation(planted);
    await failsAlone(host, ask);
  });

  it('[FAULT1] in folding an event in: what was half changed is not used further', async () => {
    const host = await fixture.host();
    const { chats } = host.state;
    const set = chats.set.bind(chats);
    vi.spyOn(chats, 'set').mockImplementation((id, chat) => {
      set(id, chat);
      return planted();
    });
    await failsAlone(host, ask);
    const ids = [...(await fixture.host()).state.chats.keys()];
    expect(ids).not.toContain([...chats.keys()].at(-1));
  });

  it('[FAULT1] in what is kept of visits, in counting them, and in what is beside the state', async () => {
    for (const plant of [
      ({ state }: AccountHost) => vi.spyOn(state.visits, 'set').mockImplementation(planted),
      ({ state }: AccountHost) => vi.spyOn(state.memory, 'seeVisit').mockImplementation(planted),
      ({ typing }: AccountHost) => vi.spyOn(typing, 'observe').mockImplementation(planted),
    ]) {
      const host = await fixture.host();
      plant(host);
      await failsAlone(host, report);
    }
  });

  it('[FAULT1] in writing an event down: nothing is shown that is not in the journal', async () => {
    const host = await fixture.host();
    const visitor = await fixture.visitor();
    const value = { toJSON: planted } as unknown as string;
    const variables = [{ name: 'a', value }];
    await expect(
      give<'chat.setVariables'>(host, {
        type: 'chat.setVariables',
        chatId: visitor.id,
        variables,
      }),
    ).rejects.toThrow('not available');
    await comesBack(host);
    expect((await fixture.host()).state.chats.get(visitor.id)?.variables).toBeNull();
  });

  it('[FAULT1] at a deadline, when nobody waits for an answer', async () => {
    const host = await fixture.host();
    await fixture.visitor();
    vi.spyOn(host.heartbeats, 'takeSilent').mockImplementation(planted);
    fixture.clock.advance(60_000);
    await comesBack(host);
  });

  it('[FAULT1] in a mail: others are sent, and it is sent when the account is well', async () => {
    const mails = await MailServer.start();
    const { port } = mails;
    const mail = {
      host: '127.0.0.1',
      port,
      secure: false,
      user: '',
      password: '',
      from: 'a@b.example',
    };
    await fixture.server.configure({ mail });
    const { visitor } = await fixture.chat();
    const host = await fixture.host();
    vi.spyOn(host.state.outbox, 'get').mockImplementationOnce(planted);
    const asked = await visitor.put('/transcriptRequest', { email: 'vera@example.com' });
    expect(asked.status).toBe(200);
    await vi.waitFor(() => expect(fixture.server.log).toContain('could not be looked after'));
    expect(mails.attempts).toBe(0);
    fixture.clock.advance(10_000);
    expect((await mails.mail()).to).toEqual(['vera@example.com']);
    expect((await askOther()).status).toBe(201);
    await mails.stop();
  });
});

it('[FAULT2] what follows from a change or a load may fail: both are kept', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-faults-'));
  const store = await openSqliteStore({ directory: folder });
  const errors: string[] = [];
  const onError = (message: string) => {
    errors.push(message);
    throw new Error('the log is full');
  };
  const hub = new Hub(onError);
  hub.subscribe({ loaded: planted, committed: planted });
  const heard: string[] = [];
  hub.subscribe({
    loaded: (accountId) => heard.push(accountId),
    committed: ({ events }) => heard.push(...events.map(({ type }) => type)),
  });
  const accounts = new Accounts({
    store,
    clock: new SteadyClock(new FakeClock()),
    memory: new ProcessMemory(defaultMemoryLimits()),
    onError,
    hub,
  });
  await store.accounts.create({ id: 'shop', createdAt: 0 });
  const account = await accounts.get('shop');
  if (account === null) throw new Error('there is no account');
  await give<'visit.see'>(account.host, { type: 'visit.see', sessionId: 's', visitorId: 'v' });
  expect(account.host.state.visits.size).toBe(1);
  expect(errors).toEqual([
    'what follows the loading of account shop failed',
    'what follows a change of account shop failed',
  ]);
  expect(heard).toEqual(['shop', 'visit.seen']);
  await accounts.close();
  await store.close();
  await rm(folder, { recursive: true });
});

it('[FAULT2] a timer that fails is logged, and no other timer suffers', () => {
  const errors: unknown[] = [];
  const machine = new FakeClock();
  const clock = guardedClock(machine, (error) => errors.push(error));
  let called = 0;
  clock.after(1, planted);
  clock.after(2, () => {
    called += 1;
  });
  machine.advance(5);
  expect([errors.length, called]).toEqual([1, 1]);
});

it('[FAULT3] the log says what failed and where, never what it fell over', () => {
  const written: string[] = [];
  const log = createLog('error', { write: (line) => written.push(line) });
  const failures = [
    planted,
    () => JSON.parse(`{"text": "${SAID}`),
    () => new Intl.DateTimeFormat('en', { timeZone: SAID }),
    () => {
      throw SAID;
    },
  ];
  for (const fail of failures) {
    try {
      fail();
    } catch (error) {
      log.error({ err: error }, 'failed');
    }
  }
  expect(written.join('')).not.toContain('4111');
  expect(textAt(JSON.parse(written[0] ?? ''), 'err.stack')).toContain('account-faults.test');
  expect(textAt(JSON.parse(written[0] ?? ''), 'err.type')).toBe('TypeError');
  const nothing = undefined as unknown as { readonly chats: unknown };
  try {
    expect(nothing.chats).toBe(1);
  } catch (error) {
    log.error({ err: error }, 'failed');
  }
  expect(written.at(-1)).toContain("Cannot read properties of undefined (reading 'chats')");
});
