// Both descriptions in two linters, with the rules that each recommends and no exception.
import { createConfig, lintFromString } from '@redocly/openapi-core';
import spectral from '@stoplight/spectral-core';
import rulesets from '@stoplight/spectral-rulesets';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DESCRIPTIONS, startDescribed } from '../described-server.mjs';

let server;
beforeAll(async () => {
  server = await startDescribed();
}, 60_000);
afterAll(() => server?.stop());

/** What Redocly's linter says, errors and warnings. */
async function redocly(source) {
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lintFromString({ source, config });
  return problems.map(({ ruleId, message }) => `${ruleId}: ${message}`);
}

/** What Spectral says, errors, warnings and hints. */
async function inSpectral(source) {
  const linter = new spectral.Spectral();
  linter.setRuleset({ extends: [rulesets.oas] });
  const problems = await linter.run(JSON.parse(source));
  return problems.map(({ code, message, path }) => `${code}: ${message} at ${path.join('/')}`);
}

describe('the description in linters', { timeout: 120_000 }, () => {
  it.each(DESCRIPTIONS)('[REF1] %s passes Redocly’s recommended rules', async (path) => {
    expect(await redocly(await server.read(path))).toEqual([]);
  });

  it.each(DESCRIPTIONS)('[REF1] %s passes Spectral’s recommended rules', async (path) => {
    expect(await inSpectral(await server.read(path))).toEqual([]);
  });

  it('[REF1] an example that does not fit and an address that is none are found by both', async () => {
    const api = JSON.parse(await server.read('/openapi-json-only.json'));
    const health = '/healthz';
    const paths = { [health]: api.paths[health] };
    paths[health].get.responses['200'].content['application/json'].examples = {
      wrong: { value: { status: 1 } },
    };
    const source = JSON.stringify({ ...api, paths });
    expect((await redocly(source)).join()).toContain('no-invalid-media-type-examples');
    expect((await inSpectral(source)).join()).toContain('oas3-valid-media-example');
  });
});
