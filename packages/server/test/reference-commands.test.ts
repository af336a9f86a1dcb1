/** The commands that the reference shows, pasted into a shell from the top of each page down. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../src/index.js';
import { CHAPTERS } from '@parley/reference/chapters';
import { DEMO_ORIGIN } from '@parley/reference/commands/recipes';
import type { OpenApi } from '@parley/reference/openapi';
import { call } from './harness.js';
import { type Pasted, paste, shownIn } from './shell-pages.js';

// With the real clock, as `npm start` runs it: the commands are real ones, too.
let server: RunningServer;
let folder: string;
let api: OpenApi;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parley-commands-'));
  server = await startServer({
    ...{ dataDir: folder, demo: true, httpPort: 0, httpsPort: null, logLevel: 'silent' },
  });
  api = (await call('GET', `${server.http}/openapi.json`)).body as OpenApi;
}, 60_000);
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The page, read and pasted. */
async function pasted(path: string): Promise<Pasted[]> {
  const { status, text } = await call('GET', server.http + path);
  expect(status).toBe(200);
  return paste(shownIn(text), DEMO_ORIGIN, server.http);
}

/** The status that is described first, by the operation's id. */
function described(): ReadonlyMap<string, number> {
  return new Map(
    Object.values(api.paths)
      .flatMap((item) => Object.values(item))
      .map(({ operationId, responses }) => [operationId, Number(Object.keys(responses)[0])]),
  );
}

/** What went otherwise than the page says. */
function surprises(all: readonly Pasted[]): string[] {
  return all.flatMap(({ section, kind, text, note, statuses }) => {
    const curls = text.match(/\bcurl /g)?.length ?? 0;
    const announced = Number(/the response is (\d{3})/.exec(note)?.[1] ?? described().get(section));
    const fits =
      kind === 'request' && described().has(section)
        ? statuses.length === 1 && statuses[0] === announced
        : statuses.length === curls && statuses.every((status) => status >= 200 && status < 300);
    return fits ? [] : [`${section} ${kind}: ${statuses.join(' ')}\n${text}`];
  });
}

describe('commands', () => {
  it.each(CHAPTERS.map(({ id }) => id))(
    '[REF15] those of /docs/%s run when pasted in order',
    async (chapter) => {
      expect(surprises(await pasted(`/docs/${chapter}`))).toEqual([]);
    },
    60_000,
  );

  it.each(['users', 'skills', 'agent-groups', 'configuration'])(
    '[REF15] those of /docs/%s, which make things with names, run when pasted again',
    async (chapter) => {
      expect(surprises(await pasted(`/docs/${chapter}`))).toEqual([]);
    },
    60_000,
  );

  it('[REF15] every operation has one', async () => {
    const shown = await Promise.all(
      CHAPTERS.map(async ({ id }) =>
        shownIn((await call('GET', `${server.http}/docs/${id}`)).text)
          .filter(({ kind }) => kind === 'request')
          .map(({ section }) => section),
      ),
    );
    expect(shown.flat().toSorted()).toEqual([...described().keys()].toSorted());
  });

  it('[REF15] the first walk of the overview runs', async () => {
    const all = await pasted('/docs');
    expect(all).toHaveLength(1);
    expect(surprises(all)).toEqual([]);
  });

  it.each(['porting-a-bot', 'cors'])('[REF18] those of the guide %s run', async (guide) => {
    const { text } = await call('GET', `${server.http}/docs/guides/${guide}`);
    const shown = shownIn(text).filter(({ kind }) => kind === 'request');
    expect(shown.length).toBeGreaterThan(3);
    expect(surprises(await paste(shown, DEMO_ORIGIN, server.http))).toEqual([]);
  });

  it('[REF18] the bot of the guide answers a visitor', async () => {
    const guide = new URL('../../../docs/porting-a-bot.md', import.meta.url);
    const [, program = ''] = /```js\n([\s\S]*?)```/.exec(readFileSync(guide, 'utf8')) ?? [];
    const file = join(folder, 'bot.mjs');
    writeFileSync(file, program);
    const bot = spawn(process.execPath, [file], {
      env: { ...process.env, PARLEY: server.http },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await once(bot.stdout, 'data');
      const key = { appKey: 'parley-demo-visitor-key' };
      const base = `${server.http}/api/account/12345678`;
      const asked = await call('POST', `${base}/chat/request`, {
        ...key,
        body: { request: { agent: 'bot1' } },
      });
      const chat = String(asked.headers.location);
      const line = { '@type': 'line', text: 'Is the blue one in stock?' };
      await call('POST', `${chat}/events`, { ...key, body: { event: line } });
      const answered = async () => (await call('GET', `${chat}/events`, key)).text;
      await expect
        .poll(answered, { timeout: 15_000, interval: 200 })
        .toContain('You said: Is the blue one in stock?');
    } finally {
      bot.kill();
      await once(bot, 'exit');
    }
  }, 30_000);

  it('[REF15] a command whose thing is gone is noticed', async () => {
    const [wrong] = await paste(
      [
        {
          section: 'getServiceBaseURI',
          kind: 'request',
          text: `curl "${DEMO_ORIGIN}/api/account/none/service/baseURI"`,
          note: '',
        },
      ],
      DEMO_ORIGIN,
      server.http,
    );
    expect(wrong?.statuses).toEqual([404]);
    expect(surprises(wrong === undefined ? [] : [wrong])).toHaveLength(1);
  });
});
