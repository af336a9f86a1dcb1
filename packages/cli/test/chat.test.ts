import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { newFolder, parley, serve } from './parley.js';

const ACCOUNT = '12345678';
const KEY = 'parley-demo-visitor-key';

/** Asks for a chat as a visitor does; answers its id. */
function requestChat(port: number, skill: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const path = `/api/account/${ACCOUNT}/chat/request?appKey=${KEY}`;
    const headers = { 'content-type': 'application/json' };
    const asked = request({ port, host: '127.0.0.1', method: 'POST', path, headers });
    asked.on('error', reject);
    asked.on('response', (response) => {
      response.resume();
      resolve(/[^/]+$/.exec(response.headers.location ?? '')?.[0] ?? '');
    });
    asked.end(JSON.stringify({ request: { skill, interactionTimeout: 600 } }));
  });
}

describe('parley chat', { timeout: 60_000 }, () => {
  it('[SUPER8] lists, moves and ends the chats of a running server, over TLS', async () => {
    const folder = await newFolder();
    const ports = ['--http-port', '0', '--https-port', '0'];
    const { ready } = await serve(['--demo', ...ports, '--data-dir', folder]);
    const server = ready.https ?? '';
    const chat = await requestChat(ready.httpPort, 'Sales');
    const PARLEY_PASSWORD = 'parley-demo';
    const as = (...words: string[]) =>
      parley([...words, '--server', server, '--user', 'admin1', '--data-dir', folder], {
        PARLEY_PASSWORD,
      });

    const listed = await as('chat', 'list', ACCOUNT);
    expect(listed.err).toBe('');
    expect(listed.out).toMatch(
      new RegExp(`^CHAT +PHASE +SINCE +SKILL +AGENT +VISITOR\\n${chat}  waiting  .*Sales \\(11\\)`),
    );
    const moved = await as('chat', 'move', ACCOUNT, chat, '--to-skill', '12');
    expect(moved).toMatchObject({ code: 0, out: `Chat ${chat} waits for Support.\n` });
    const absent = await as('chat', 'move', ACCOUNT, chat, '--to-agent', '101');
    expect([absent.code, absent.err]).toEqual([1, expect.stringContaining('not Online')]);
    const nowhere = await as('chat', 'move', ACCOUNT, chat);
    expect([nowhere.code, nowhere.err]).toEqual([1, expect.stringContaining('--to-skill')]);
    expect((await as('chat', 'end', ACCOUNT, chat)).out).toBe(`Chat ${chat} is ended.\n`);
    expect(JSON.parse((await as('chat', 'list', ACCOUNT, '--json')).out)).toEqual([]);

    const wrong = await parley(
      ['chat', 'list', ACCOUNT, '--server', server, '--user', 'admin1', '--data-dir', folder],
      { PARLEY_PASSWORD: 'not the password' },
    );
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('refused (401)')]);
    const gone = await parley(
      ['chat', 'list', ACCOUNT, '--server', 'https://127.0.0.1:1', '--user', 'admin1'],
      { PARLEY_PASSWORD, PARLEY_DATA_DIR: folder },
    );
    expect([gone.code, gone.err]).toEqual([1, expect.stringContaining('cannot be reached')]);
  });
});
