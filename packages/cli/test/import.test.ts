import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newFolder, parleyHere, serve } from './parley.js';

const DEMO = '12345678';

describe('parley user import', { timeout: 120_000 }, () => {
  it('[CLI29] makes the users of a file beside a running server, and reports each row it refuses', async () => {
    const folder = await newFolder();
    await serve(['--demo', '--data-dir', folder, '--http-port', '0', '--https-port', '0']);
    const file = join(folder, 'users.csv');
    const many = Array.from({ length: 250 }, (_, n) => `many${n},Many ${n},,,,,,,`);
    await writeFile(
      file,
      [
        '\uFEFFloginName,fullName,nickname,email,roles,skills,group,maxChats,password',
        'ann,"Ann, the first",Ann,ann@example.com,agent;manager,Sales;Support,Main Group,5,correct horse battery',
        'agent1,Taken,,,,,,,',
        'bob,Bob,,,boss,,,,',
        'cat,Cat,,,,Repairs,,,',
        'dan,Dan,,,,,,many,',
        'eve,Eve,,,,,,,password1',
        'ANN,Again,,,,,,,',
        ',Nobody,,,,,,,',
        ...many,
      ].join('\n'),
    );
    const { code, out, err } = await parleyHere([
      'user',
      'import',
      DEMO,
      file,
      '--data-dir',
      folder,
    ]);
    expect(out).toBe(`251 users of account ${DEMO} are made.\n`);
    expect(code).toBe(1);
    expect(err).toContain('7 rows were refused');
    for (const [line, words] of [
      [3, '"agent1" already'],
      [4, 'there are administrator, manager, agent'],
      [5, 'no skill Repairs'],
      [6, 'no whole number'],
      [7, 'guess'],
      [8, 'already'],
      [9, 'loginName is empty'],
    ] as const) {
      expect(err).toMatch(new RegExp(`line ${line}: .*${words.replace(/[.*+?]/g, '\\$&')}`));
    }
    // It prints how far it is.
    expect(err.match(/users made/g)?.length).toBeGreaterThan(2);
    const listed = JSON.parse(
      (await parleyHere(['user', 'list', DEMO, '--json', '--data-dir', folder])).out,
    ) as Record<string, unknown>[];
    expect(listed.length).toBeGreaterThan(250);
    expect(listed.find(({ loginName }) => loginName === 'ann')).toMatchObject({
      maxChats: 5,
    });
    expect(JSON.stringify(listed)).not.toContain('correct horse');
  });

  it.each([
    ['name,fullName\n', '"name" is none'],
    ['fullName\n', 'loginName among them'],
    ['loginName\n"ann\n', 'comma-separated'],
    ['loginName,password\nann,my secret"5\n', 'a quote is found on field "password" at line 2. '],
    // What stands before the place is made no more than what stands after it.
    [`loginName,password\n${'many,\n'.repeat(20_000)}ann,my secret"5\n`, 'Nothing of it was made'],
  ])('[CLI29] a file that is no such table is refused as a whole: %#', async (text, words) => {
    const folder = await newFolder();
    const variables = { PARLEY_PASSWORD: 'a good passphrase' };
    await parleyHere(
      ['account', 'create', 'one', '--admin', 'boss', '--data-dir', folder],
      variables,
    );
    const file = join(folder, 'users.csv');
    await writeFile(file, text);
    const { code, err } = await parleyHere(['user', 'import', 'one', file, '--data-dir', folder]);
    expect([code, err]).toEqual([1, expect.stringContaining(words)]);
    expect(err).not.toContain('my secret');
    const listed = await parleyHere(['user', 'list', 'one', '--json', '--data-dir', folder]);
    expect(JSON.parse(listed.out)).toHaveLength(1);
    const missing = await parleyHere(['user', 'import', 'one', `${file}x`, '--data-dir', folder]);
    expect(missing.err).toContain('cannot be read (ENOENT)');
  });
});
