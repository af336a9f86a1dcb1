import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const DOCS = new URL('../../../docs/', import.meta.url);

/** What is asked for nothing of the server, or ends by itself within a bounded time. */
const WITHOUT = new Set(['close', '[asyncDispose]', 'worksInTab', 'getItem', 'ask']);

/** Each call that answers later, by its name, with its section: of the reference, which is made from the types. */
function callsIn(page: string): { readonly name: string; readonly section: string }[] {
  const call = /^> (?:`static` )?\*\*(\S+?)\*\*(?:<[^>]*>)?\(.*\): (?:`Promise`|`AsyncGenerator`)/;
  return page.split(/^(?=> )|^\*\*\*$/m).flatMap((section) => {
    const name = call.exec(section)?.[1];
    return name === undefined ? [] : [{ name: name.replaceAll('\\', ''), section }];
  });
}

it('[CLIENT83] every call that answers later takes a signal', () => {
  const pages = readdirSync(DOCS).filter((name) => /^sdk-.*\.md$/.test(name));
  const calls = pages
    .flatMap((name) => callsIn(readFileSync(new URL(name, DOCS), 'utf8')))
    .filter(
      ({ name, section }) => !WITHOUT.has(name) && !section.includes("Only for the session's use"),
    );
  expect(calls.length).toBeGreaterThan(80);
  // By itself, among its options, or with what it starts with.
  const takes = /`(?:signal|\w+\.signal)\??`|(?:Options|Filter)`\]|`ChatStart`\]|`VisitorPlace`\]/;
  const deaf = calls.filter(({ section }) => !takes.test(section));
  expect(deaf.map(({ section }) => section.split('\n', 1)[0])).toEqual([]);
});
