/** Changes of the configuration that may come again: kept in the same transaction as the change. */
import { StoreFailure } from '@parley/store';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ConfigurationFixture, GROUPS, SKILLS, USERS } from './configuration-fixture.js';
import { at, type Reply } from './harness.js';
import { essence, newKey } from './retry-kinds.js';

let fixture: ConfigurationFixture;
beforeAll(async () => {
  fixture = await ConfigurationFixture.start();
});
afterAll(() => fixture.fixture.stop());

const replayed = ({ headers }: Reply) => headers['idempotency-replayed'];
const code = ({ body }: Reply) => at(body, 'error.internalCode');

const post = (path: string, body: unknown, key: string, as = 'admin1') =>
  fixture.call('POST', path, body, { as, headers: { 'idempotency-key': key } });

/** How many records of a collection hold a word. */
async function count(path: string, word: string): Promise<number> {
  const { text } = await fixture.call('GET', path);
  return text.split(`"${word}"`).length - 1;
}

const RECORDS: readonly (readonly [string, string, (word: string) => object])[] = [
  ['a skill', SKILLS, (name) => ({ name })],
  [
    'a user',
    USERS,
    (word) => ({ loginName: word, fullName: 'X', passwordSh: 'jahoo-Wabe-77-krumm' }),
  ],
  ['an agent group', GROUPS, (name) => ({ name })],
  [
    'a status reason',
    '/configuration/le-agents/status-reasons',
    (text) => ({ text, state: 'Away' }),
  ],
];

it.each(RECORDS)(
  '[IDEM16] %s is made once, and the first answer comes again',
  async (_, path, make) => {
    const word = `word-${newKey().slice(0, 8)}`;
    const key = newKey();
    const first = await post(path, make(word), key);
    expect(first.status, first.text).toBe(201);
    expect(replayed(first)).toBeUndefined();
    const location = first.headers.location ?? '';
    // Whatever becomes of the record.
    await fixture.call('DELETE', location.slice(location.indexOf('/configuration')));
    await post(path, make(`${word}-other`), newKey());
    const again = await post(path, make(word), key);
    expect(essence(again)).toEqual(essence(first));
    expect([again.headers.etag, replayed(again)]).toEqual([first.headers.etag, 'true']);
    expect(await count(path, word)).toBe(0);
    const other = await post(path, make(`${word}-third`), key);
    expect([other.status, code(other)]).toEqual([422, 1508]);
    expect(await count(path, `${word}-third`)).toBe(0);
  },
);

it('[IDEM16] a list is, too; another administrator’s same key is another request', async () => {
  const words = [newKey().slice(0, 8), newKey().slice(0, 8)];
  const key = newKey();
  const body = words.map((name) => ({ name }));
  const first = await post(SKILLS, body, key);
  expect(first.status).toBe(201);
  expect(essence(await post(SKILLS, body, key))).toEqual(essence(first));
  const refused = await post(SKILLS, body, key, 'manager1');
  expect([refused.status, replayed(refused)]).toEqual([403, undefined]);
});

it('[IDEM16] what was written without its client’s hearing of it is not written again', async () => {
  const { store } = fixture.fixture.server.running.server;
  const write = store.config.write.bind(store.config);
  const name = newKey();
  const key = newKey();
  vi.spyOn(store.config, 'write').mockImplementationOnce(async (accountId, change) => {
    await write(accountId, change);
    throw new StoreFailure('it was not confirmed');
  });
  expect((await post(SKILLS, { name }, key)).status).toBe(503);
  await expect.poll(() => count(SKILLS, name)).toBe(1);
  const again = await post(SKILLS, { name }, key);
  expect([again.status, replayed(again)]).toEqual([201, 'true']);
  expect(await count(SKILLS, name)).toBe(1);
});

it('[IDEM16] while the first is being answered it is 409', async () => {
  const name = newKey();
  const key = newKey();
  const replies = await Promise.all(Array.from({ length: 4 }, () => post(SKILLS, { name }, key)));
  const statuses = replies.map(({ status }) => status);
  expect(statuses.filter((status) => status === 201).length).toBeGreaterThanOrEqual(1);
  expect(statuses.filter((status) => status !== 201 && status !== 409)).toEqual([]);
  expect(await count(SKILLS, name)).toBe(1);
});

it('[IDEM16] is known for a day', async () => {
  const name = newKey();
  const key = newKey();
  const first = await post(SKILLS, { name }, key);
  fixture.fixture.clock.advance(24 * 3_600_000 - 1_000);
  const bearer = (await fixture.fixture.server.login('admin1')).bearer;
  const again = await fixture.fixture.server.call('POST', SKILLS, {
    bearer,
    body: { name },
    headers: { 'idempotency-key': key },
  });
  expect(essence(again)).toEqual(essence(first));
  fixture.fixture.clock.advance(2_000);
  const later = await fixture.fixture.server.call('POST', SKILLS, {
    bearer,
    body: { name },
    headers: { 'idempotency-key': key },
  });
  expect([later.status, replayed(later)]).toEqual([409, undefined]);
});
