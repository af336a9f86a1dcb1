/** Thousands of users in one request: each row is reported, as it is made (rules IMPORT…). */
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigurationFixture, type ApiRecord, USERS } from './configuration-fixture.js';

let fixture: ConfigurationFixture;
beforeAll(async () => {
  fixture = await ConfigurationFixture.start();
});
afterAll(() => fixture.stop());

const PATH = '/configuration/user-import';
const CSV = { 'content-type': 'text/csv' };

interface Line {
  readonly line?: number;
  readonly loginName?: string;
  readonly id?: number;
  readonly error?: string;
  readonly made?: number;
  readonly refused?: number;
}

async function imported(body: string, headers: Readonly<Record<string, string>> = CSV) {
  const reply = await fixture.call('POST', PATH, body, { headers });
  expect([reply.status, reply.headers['content-type']]).toEqual([200, 'application/x-ndjson']);
  return reply.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

describe('the import of users', () => {
  it('[IMPORT1] makes the users of a table, and says of each row what became of it', async () => {
    const table = [
      'loginName,fullName,nickname,email,roles,skills,group,maxChats,password',
      'ann,"Ann, the first",Ann,ann@example.com,agent;manager,Sales;Support,Main Group,5,quiet harbour at 6',
      'agent1,Taken,,,,,,,',
      'bob,Bob,,,boss,,,,',
      'cat,Cat,,,,Repairs,,,',
      '',
      'dan,Dan,,,,,,many,',
      'eve,Eve,,,,,,,password1',
      'ANN,Again,,,,,,,',
      ',Nobody,,,,,,,',
      'fay,Fay,,,,,,,',
    ];
    const lines = await imported(`\uFEFF${table.join('\r\n')}\r\n`);
    expect(lines).toEqual([
      { line: 2, loginName: 'ann', id: expect.any(Number) },
      { line: 3, loginName: 'agent1', error: expect.stringContaining('"agent1" already') },
      { line: 4, error: expect.stringContaining('there are administrator, manager, agent') },
      { line: 5, loginName: 'cat', error: expect.stringContaining('no skill Repairs') },
      { line: 7, error: expect.stringContaining('no whole number') },
      { line: 8, loginName: 'eve', error: expect.stringContaining('guess') },
      { line: 9, loginName: 'ANN', error: expect.stringContaining('already') },
      { line: 10, error: 'loginName is empty' },
      { line: 11, loginName: 'fay', id: expect.any(Number) },
      { made: 2, refused: 7 },
    ]);
    const ann = await fixture.require('GET', `${USERS}/${lines[0]?.id}`);
    expect(ann).toMatchObject({ fullName: 'Ann, the first', maxChats: 5, skillIds: [11, 12] });
    const login = { username: 'ann', password: 'quiet harbour at 6' };
    expect((await fixture.call('POST', '/login?v=1.3', login)).status).toBe(200);
    expect(JSON.stringify(lines)).not.toContain('password1');
  });

  it('[IMPORT2] takes users as JSON, one per line, whatever type they are said to have', async () => {
    const body = [
      '{"loginName":"json1","skillIds":[11],"profileIds":[2]}',
      '',
      '{"loginName":"json2","maxChats":"many"}',
      '{"loginName":',
      '[{"loginName":"json3"},{"loginName":"json4"}]',
      '{"loginName":"json1"}',
    ].join('\n');
    for (const headers of [{ 'content-type': 'application/x-ndjson' }, CSV]) {
      const again = headers === CSV;
      const lines = await imported(body, { ...headers, accept: 'application/x-ndjson' });
      expect(lines).toEqual([
        again
          ? { line: 1, loginName: 'json1', error: expect.stringContaining('already') }
          : { line: 1, loginName: 'json1', id: expect.any(Number) },
        { line: 3, loginName: 'json2', error: expect.stringContaining('maxChats') },
        { line: 4, error: expect.stringContaining('malformed') },
        { line: 5, error: 'A line must hold one user.' },
        { line: 6, loginName: 'json1', error: expect.stringContaining('already') },
        again ? { made: 0, refused: 5 } : { made: 1, refused: 4 },
      ]);
    }
  });

  it('[IMPORT3] of thousands goes on while it is reported; what was reported is there', async () => {
    const rows = Array.from({ length: 3_000 }, (_, n) => `many${n},Many ${n} ${'x'.repeat(40)}`);
    const { bearer } = await fixture.fixture.login('admin1');
    const { httpPort } = fixture.fixture.server.running;
    const url = `${fixture.fixture.base}${PATH}`.replace(/^https?:\/\/[^/]+/, '');
    const body = `loginName,fullName\n${rows.join('\n')}\n`;
    expect(body.length).toBeGreaterThan(128 * 1024);
    const pieces: string[] = [];
    const midway: ApiRecord[] = [];
    await new Promise<void>((resolve, reject) => {
      const asked = request({
        port: httpPort,
        path: url,
        method: 'POST',
        headers: { ...CSV, authorization: `Bearer ${bearer}` },
      });
      asked.on('error', reject);
      asked.on('response', (response) => {
        response.setEncoding('utf8').on('error', reject).on('end', resolve);
        response.on('data', (piece: string) => {
          pieces.push(piece);
          if (pieces.length > 1) return;
          response.pause();
          // The first portion is on disk when it is reported, and the rest has not been made yet.
          fixture.list(USERS).then((users) => {
            midway.push(...users);
            response.resume();
          }, reject);
        });
      });
      asked.end(body);
    });
    const lines = pieces.join('').trimEnd().split('\n');
    expect(lines).toHaveLength(3_001);
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ made: 3_000, refused: 0 });
    const names = new Set(midway.map(({ loginName }) => loginName));
    expect(names.has('many0')).toBe(true);
    expect(names.has('many2999')).toBe(false);
    expect((await fixture.list(USERS)).length).toBeGreaterThan(3_000);
  });

  it.each([
    ['', 'no user in the body'],
    ['loginName\n', 'no user in the body'],
    ['name,fullName\nann,Ann\n', '"name" is none'],
    ['fullName\nann\n', 'loginName among them'],
    // Nothing of a password that may stand there.
    ['loginName,password\ngus,\nhal,my secret"5\nida,\n', 'at line 3. Nothing of it'],
  ])('[IMPORT4] refuses a body that holds no users: %j', async (body, words) => {
    expect(await fixture.refused('POST', PATH, body)).toEqual([
      400,
      expect.stringContaining(words),
    ]);
  });

  it('[IMPORT4] is for administrators, and bounded', async () => {
    const body = 'loginName\nzed\n';
    for (const as of ['manager1', 'agent1']) {
      const reply = await fixture.call('POST', PATH, body, { as, headers: CSV });
      expect([as, reply.status]).toEqual([as, 403]);
    }
    const large = await fixture.call('POST', PATH, 'x'.repeat(4 * 1024 * 1024 + 1), {
      headers: CSV,
    });
    expect(large.status).toBe(413);
  });
});
