/** Serving pages that were built, from a folder made here. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type RunningServer, startServer } from '@parley/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let folder: string;
let server: RunningServer;

function put(path: string, text: string): void {
  const file = join(folder, 'apps', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parley-pages-'));
  put(
    'workspace/dist/index.html',
    '<!doctype html><html><head><script type="module" src="./assets/index-AAAAAAAA.js"></script></head></html>',
  );
  put('workspace/dist/assets/index-AAAAAAAA.js', 'export {};');
  put('workspace/secret.txt', 'not served');
  server = await startServer({
    dataDir: join(folder, 'data'),
    httpPort: 0,
    httpsPort: null,
    logLevel: 'silent',
    pages: join(folder, 'apps'),
  });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const get = (path: string) => fetch(`${server.http}${path}`, { redirect: 'manual' });

describe('pages', () => {
  it('[PAGE5] answers addresses within the workspace with its page, whose files are found from there', async () => {
    const way = await get('/workspace');
    expect([way.status, way.headers.get('location')]).toEqual([308, 'workspace/']);
    const deep = await get('/workspace/chats/H1-2K3');
    expect(deep.status).toBe(200);
    const base = /<head><base href="([^"]*)">/.exec(await deep.text())?.[1] ?? '';
    // As a browser resolves it, behind a prefix that the server knows nothing of.
    const at = new URL(base, 'https://chat.example.com/parley/workspace/chats/H1-2K3');
    expect(new URL('./assets/index-AAAAAAAA.js', at).pathname).toBe(
      '/parley/workspace/assets/index-AAAAAAAA.js',
    );
    expect(await (await get('/workspace/')).text()).not.toContain('<base');
    expect((await get('/workspace/assets/index-AAAAAAAA.js')).status).toBe(200);
  });

  it('[PAGE1] answers 404 for what was not built, and for what is no file of a page', async () => {
    expect(server.pages).toEqual({ workspace: true, widget: false, demo: false });
    for (const path of [
      ...['/widget.js', '/demo/', '/workspace/assets/none.js'],
      ...['/workspace/%2e%2e/secret.txt', '/workspace/.built'],
    ]) {
      expect((await get(path)).status, path).toBe(404);
    }
  });
});
