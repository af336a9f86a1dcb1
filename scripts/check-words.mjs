// Checks that names, comments and documentation use the field's words: those of words.mjs, which were
// used here once, are not.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMain, report, rootArgument } from './check.mjs';
import { projectFiles } from './project-files.mjs';
import { WORDS } from './words.mjs';

const TEXT = /\.(?:ts|mts|tsx|js|mjs|md|c|json)$/;

/** What holds texts as they were stored or said, or these words themselves. */
const PASSED_OVER =
  /(?:^|\/)(?:package-lock\.json|fixtures?\/|kept-failures\.json|scripts\/(?:words|test\/check-words\.test)\.mjs$)/;

/** An English text that is quoted to somebody who chats. */
const QUOTED = /(['"`])Tell me\b/;

/**
 * Checks a project.
 * @param {string} root
 * @returns {{ problems: string[], files: number }}
 */
export function checkWords(root) {
  const files = projectFiles(root).filter((file) => TEXT.test(file) && !PASSED_OVER.test(file));
  const problems = files.flatMap((file) => {
    const words = WORDS.filter(({ except }) => except === undefined || !except.test(file));
    const lines = [file, ...readFileSync(join(root, file), 'utf8').split('\n')];
    return lines.flatMap((line, number) =>
      words.flatMap(({ pattern, instead }) => {
        const found = pattern.exec(line);
        if (found === null || QUOTED.test(line)) return [];
        const place = number === 0 ? `${file} (its name)` : `${file}:${number}`;
        return [
          `${place}: '${found[0]}' is no word of this project. What to do: write ${instead}.`,
        ];
      }),
    );
  });
  return { problems, files: files.length };
}

if (isMain(import.meta.url)) {
  const { problems, files } = checkWords(rootArgument());
  if (files === 0) problems.push('No file was read. What to do: look at what `TEXT` passes over.');
  report(problems, `Words: ${files} files use the field's words.`);
}
