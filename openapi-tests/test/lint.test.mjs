// Both descriptions in two linters, with the rules that each recommends. There is one exception: who
// opens a WebSocket is answered 101, and the linters want a 2xx of every operation.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDescribed } from '../described-server.mjs';

const LINT = fileURLToPath(new URL('../lint.mjs', import.meta.url));

let server;
beforeAll(async () => {
  server = await startDescribed();
}, 60_000);
afterAll(() => server?.stop());

/** Everything that the linters say, errors, warnings and hints. */
async function lint(source, linters) {
  const linter = spawn(process.execPath, [LINT, ...linters], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  linter.stdin.end(source);
  const found = JSON.parse(await text(linter.stdout));
  const webSockets = Object.values(JSON.parse(source).paths).filter(
    ({ get }) => get?.responses['101'] !== undefined,
  );
  for (const [name, problems] of Object.entries(found)) {
    const others = problems.filter((problem) => !NO_SUCCESS.test(problem));
    // As many as there are WebSockets, and none besides.
    if (problems.length - others.length === webSockets.length) found[name] = others;
  }
  return found;
}

const NO_SUCCESS = /^operation-(?:2xx|success)-response: /;

describe('the description in linters', { timeout: 180_000 }, () => {
  it('[REF1] all of it passes what Redocly and Spectral recommend', async () => {
    const source = await server.read('/openapi.json');
    expect(await lint(source, ['redocly', 'spectral'])).toEqual({ redocly: [], spectral: [] });
  });

  // All that Spectral could find there is in the whole description as well: it takes its time.
  const linters = process.env.PARLEY_LINT === 'all' ? ['redocly', 'spectral'] : ['redocly'];
  it(`[REF1] what has JSON alone passes, in ${linters.join(' and ')}`, async () => {
    const source = await server.read('/openapi-json-only.json');
    const found = await lint(source, linters);
    expect(Object.values(found).flat()).toEqual([]);
    expect(Object.keys(found)).toEqual(linters);
  });

  it('[REF1] an example that does not fit is found by both', async () => {
    const api = JSON.parse(await server.read('/openapi-json-only.json'));
    const paths = { '/healthz': api.paths['/healthz'] };
    paths['/healthz'].get.responses['200'].content['application/json'].examples = {
      wrong: { value: { status: 1 } },
    };
    const { redocly, spectral } = await lint(JSON.stringify({ ...api, paths }), [
      'redocly',
      'spectral',
    ]);
    expect(redocly.join()).toContain('no-invalid-media-type-examples');
    expect(spectral.join()).toContain('oas3-valid-media-example');
  });
});
