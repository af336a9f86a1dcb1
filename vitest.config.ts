import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Tests run on the TypeScript sources (the "source" export condition), so no build stands between
// an edit and its test. Tests that start the server as a process use the build: scripts/test.mjs
// builds first.
// The others are Node's own: with `module`, files that bundlers alone can read would be found.
const conditions = ['source', 'import', 'node', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: [
      'packages/*/test/**/*.test.{ts,mts}',
      'apps/*/test/**/*.test.ts',
      'examples/*/test/**/*.test.{ts,mts}',
      'bench/test/**/*.test.{ts,mts}',
      'scripts/test/**/*.test.mjs',
      'browser-tests/test/**/*.test.mjs',
      'openapi-tests/test/**/*.test.mjs',
      'package-tests/test/**/*.test.mjs',
    ],
    // Some tests start servers of their own: with more workers than cores they would wait on each
    // other until one of them runs out of time.
    maxWorkers: Math.max(2, Math.floor(availableParallelism() / 2)),
    // Generous, because a busy CI machine is no reason for a red run; a test that hangs still ends.
    // CI shares its two cores with whatever else runs there: a test that fails by time alone gets
    // another chance; one that fails three times has failed.
    retry: process.env.CI === undefined ? 0 : 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    teardownTimeout: 10_000,
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
  },
});
