// Lints a description of an API, given on stdin, by the rules that two linters recommend, all of them;
// writes what each has to say as JSON: `node lint.mjs redocly spectral < description.json`. A process of
// its own: Spectral does not load where tests do.
import { text } from 'node:stream/consumers';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import spectralCore from '@stoplight/spectral-core';
import rulesets from '@stoplight/spectral-rulesets';

/** @type {Readonly<Record<string, (source: string) => Promise<string[]>>>} */
const linters = {
  redocly: async (source) => {
    const config = await createConfig({ extends: ['recommended'] });
    const problems = await lintFromString({ source, config });
    return problems.map(({ ruleId, message }) => `${ruleId}: ${message}`);
  },
  spectral: async (source) => {
    const linter = new spectralCore.Spectral();
    linter.setRuleset({ extends: [rulesets.oas] });
    const problems = await linter.run(JSON.parse(source));
    return problems.map(({ code, message, path }) => `${code}: ${message} at ${path.join('/')}`);
  },
};

const source = await text(process.stdin);
const found = {};
for (const name of process.argv.slice(2)) found[name] = await linters[name](source);
process.stdout.write(JSON.stringify(found));
