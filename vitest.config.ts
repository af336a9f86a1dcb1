import { defineConfig } from 'vitest/config';

// Tests run on the TypeScript sources (the "source" export condition), so no build stands between
// an edit and its test. Tests that start the server as a process use the build: scripts/test.mjs
// builds first.
const conditions = ['source', 'import', 'module', 'node', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts', 'bench/test/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
  },
});
