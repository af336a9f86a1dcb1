// The server whose description is tested, with the demo account.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '@parley/server';

/** Starts it; `stop` ends it and removes its data. */
export async function startDescribed() {
  const folder = mkdtempSync(join(tmpdir(), 'parley-openapi-'));
  const server = await startServer({
    dataDir: folder,
    demo: true,
    httpPort: 0,
    httpsPort: null,
    logLevel: 'silent',
  });
  return {
    http: server.http,
    /**
     * @param {string} path
     * @returns {Promise<string>}
     */
    read: async (path) => (await fetch(server.http + path)).text(),
    stop: async () => {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
