/** Broken promises about the configuration are found. */
import { describe, expect, it } from 'vitest';
import type { Ask } from '../history/format.js';
import { finds } from './finds.js';
import { Story } from './story.js';

describe('[DUR1] configuration: it is found when', () => {
  const write = (stamp: string | null, ifRevision?: number): Ask<'write'> => ({
    do: 'write',
    kind: 'skills',
    record: 1,
    value: stamp === null ? null : { stamp },
    ...(ifRevision === undefined ? {} : { ifRevision }),
  });
  const wrote = (story: Story, stamp: string | null, revision: number, ifRevision?: number) =>
    story.did(write(stamp, ifRevision), { record: 1, revision });
  const list = (story: Story, revision: number, ...stamps: readonly string[]) =>
    story.did(
      { do: 'list', kind: 'skills' },
      { revision, stamps: Object.fromEntries(stamps.map((stamp, index) => [index + 1, stamp])) },
    );
  const start = () => list(new Story(), 1, 'zero');
  finds([
    [
      'an acknowledged change is lost',
      () => list(wrote(start(), 'a', 2).killed(), 2, 'zero'),
      /record 1 is "zero" at revision 2 in call 3; call 2 made it "a" at revision 2/,
    ],
    [
      'an acknowledged change is lost with its revision',
      () => list(wrote(start(), 'a', 2).killed(), 1, 'zero'),
      /call 3 \(list\) has revision 1; call 2, which was over before, had 2/,
    ],
    [
      'a read goes back',
      () => list(list(start().unknown(write('a')), 2, 'a'), 2, 'zero'),
      /record 1 is "zero" at revision 2 in call 4; call 3 found it "a" at revision 2/,
    ],
    [
      'a later read goes back',
      () => list(list(start().unknown(write('a')), 2, 'a'), 3, 'zero'),
      /record 1 is "zero" at revision 3/,
    ],
    [
      'two changes have one revision',
      () => wrote(wrote(start(), 'a', 2), 'b', 2),
      /both acknowledged as revision 2/,
    ],
    [
      'a change is ordered before one that was over',
      () => wrote(wrote(start(), 'a', 3), 'b', 2),
      /call 3 \(write\) has revision 2; call 2, which was over before, had 3/,
    ],
    [
      'a refused change is made',
      () => list(start().refused(write('a', 0), 412), 2, 'a'),
      /record 1 is "a" at revision 2 in call 3, which was refused/,
    ],
    [
      'a change is seen before it was asked for',
      () => list(start(), 2, 'a').unknown(write('a')),
      /record 1 is "a" at revision 2 in call 2, before call 3 asked for it/,
    ],
    [
      'something is there that nobody wrote',
      () => list(start(), 2, 'boo'),
      /record 1 is "boo" at revision 2/,
    ],
    [
      'a deleted record is there again',
      () => list(wrote(wrote(start(), 'a', 2), null, 3), 4, 'a'),
      /record 1 is "a" at revision 4/,
    ],
    [
      'a record vanishes',
      () => list(wrote(start(), 'a', 2), 3),
      /record 1 is not there at revision 3/,
    ],
    [
      'a change is made at another revision than it named',
      () => wrote(wrote(start(), 'a', 2), 'b', 3, 1),
      /was to be done at revision 1, and was done as 3/,
    ],
    [
      'a change that names no revision is refused for it',
      () => start().refused(write('a'), 412),
      /named no revision, and was refused for it/,
    ],
    [
      'a change is refused at the revision that it names',
      () => start().refused(write('a', 1), 412),
      /was refused as stale at revision 1, after which nobody wrote/,
    ],
  ]);

  it.each([
    ['a change of which nobody knows is made', list(start().unknown(write('a')), 2, 'a')],
    ['a change of which nobody knows is not made', list(start().unknown(write('a')), 1, 'zero')],
    ['a record may have been deleted', list(start().unknown(write(null)), 2)],
    ['a stale change is refused', wrote(start(), 'a', 2).refused(write('b', 1), 412)],
  ])('not when %s', (_, story) => {
    expect(story.problems).toEqual([]);
  });
});
