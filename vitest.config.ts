import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';

// Tests run on the TypeScript sources (the "source" export condition), so no build stands between
// an edit and its test. Tests that start the server as a process use the build: scripts/test.mjs
// builds first.
// The others are Node's own: with `module`, files that bundlers alone can read would be found.
const conditions = ['source', 'import', 'node', 'default'];

/**
 * Files that get a module graph of their own. All others share one per worker, since loading the
 * server's modules anew for each of 250 files took a third of the whole run: these replace a module
 * for everybody (`vi.mock`), or measure the process they run in (its memory, its long turns).
 */
const alone = [
  'packages/configuration/test/password.test.ts',
  'packages/engine/test/routing-pass.test.ts',
  'packages/protocol/test/{hostile,json-reader}.test.ts',
  'packages/server/test/alike.test.ts',
  'packages/server/test/auth-limits.test.ts',
  'packages/server/test/configuration-signals.test.ts',
  'packages/server/test/idle-connection.test.ts',
  'packages/server/test/security-{secrets,unread}.test.ts',
  'packages/server/test/stalls.test.ts',
];

/**
 * Files that run when all others are through, since they measure how others fare while the whole machine
 * is kept busy.
 */
const last = ['packages/server/test/security-flood.test.ts'];

const files = [
  'packages/*/test/**/*.test.{ts,mts}',
  'apps/*/test/**/*.test.ts',
  'examples/*/test/**/*.test.{ts,mts}',
  'bench/test/**/*.test.{ts,mts}',
  'scripts/test/**/*.test.mjs',
  'browser-tests/test/**/*.test.mjs',
  'openapi-tests/test/**/*.test.mjs',
  'package-tests/test/**/*.test.mjs',
  'postgres-tests/test/**/*.test.mjs',
];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'shared',
          include: files,
          exclude: [...alone, ...last, ...configDefaults.exclude],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'alone', include: alone, isolate: true } },
      {
        extends: true,
        test: { name: 'last', include: last, isolate: true, sequence: { groupOrder: 1 } },
      },
    ],
    // Some tests start servers of their own: with many more workers than cores they would wait on each
    // other until one of them runs out of time. With as many as cores a sixth of two cores stood idle.
    maxWorkers: Math.max(3, Math.floor(availableParallelism() / 2)),
    // Generous, because a busy CI machine is no reason for a red run; a test that hangs still ends.
    // CI shares its two cores with whatever else runs there: a test that fails by time alone gets
    // another chance; one that fails three times has failed.
    retry: process.env.CI === undefined ? 0 : 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    teardownTimeout: 10_000,
    // The client of the Model Context Protocol needs a package that has a "source" too, in TypeScript.
    server: { deps: { inline: [/@modelcontextprotocol\/client/, /eventsource-parser/] } },
    // A value that is polled comes late on a busy machine; the default of a second is not the test's limit.
    expect: { poll: { timeout: 10_000 } },
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
  },
});
