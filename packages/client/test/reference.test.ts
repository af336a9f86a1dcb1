/** The reference of the package, in docs/, which the server shows at /docs/guides. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { guideNamed } from '@parley/reference/guides';

const root = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

/** What `index.ts` of an entry exports, types and values. */
function exportsOf(entry: string): string[] {
  const source = read(`packages/client/src/${entry}/index.ts`);
  const lists = [...source.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, names = '']) =>
    names.split(',').map((name) => name.replace(/^\s*type /, '').trim()),
  );
  const own = [...source.matchAll(/^export (?:function|interface|const|type|class) (\w+)/gm)];
  return [...lists, ...own.map(([, name = '']) => name)].filter((name) => name !== '');
}

it.each(['agent', 'visitor', 'tabs', 'administration'])(
  '[CLIENT57] every name that %s exports is described on its page at /docs',
  (entry) => {
    const { content, sections } = guideNamed(`sdk-${entry}`) ?? {};
    const described = new Map(
      sections?.map(({ title, words }) => [title.replace('()', ''), words.trim()]),
    );
    const names = exportsOf(entry);
    expect(names.length).toBeGreaterThan(3);
    for (const name of names) {
      const words = (described.get(name) ?? '').replaceAll(/^>.*$/gm, '').trim();
      expect([name, words]).toEqual([name, expect.stringMatching(/^[A-Z`][^|#]{12}/)]);
    }
    expect(content?.text).not.toMatch(/&lt;a id=|__namedParameters/);
  },
);
