import { expect, it } from 'vitest';
import { checkWords } from '../check-words.mjs';
import { makeProject } from './fixture.mjs';

it('finds a word that is not used any more, in a name, a comment, a document and a file name', () => {
  const root = makeProject({
    'packages/server/src/one.ts': '// A sign of life.\nexport const busyTold = true;\n',
    'docs/two.md': 'A Situation.\n',
    'packages/server/src/nothing-new.ts': 'export const heartbeat = 1;\n',
  });
  const { problems, files } = checkWords(root);
  expect(files).toBe(3);
  expect(problems.map((each) => each.slice(0, each.indexOf(' is no word')))).toEqual([
    "docs/two.md:1: 'Situation'",
    "packages/server/src/nothing-new.ts (its name): 'nothing-new'",
    "packages/server/src/one.ts:1: 'sign of life'",
    "packages/server/src/one.ts:2: 'yTold'",
  ]);
});

it('passes over what says the same in the field’s words', () => {
  const root = makeProject({ 'docs/one.md': 'A heartbeat is sent.\n' });
  expect(checkWords(root).problems).toEqual([]);
});
