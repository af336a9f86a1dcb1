import type { ConfigItem, ConfigState } from '@parley/store';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Kind } from '@parley/configuration/records/records';
import { changedSetup, readSetup } from '@parley/configuration/records/setup';

const NAMES = ['Ann', 'ann', 'Bob', 'straße', 'STRASSE', 'Eve'];

const data: {
  readonly [K in 'user' | 'skill' | 'agentGroup' | 'settings']: (n: number) => object;
} = {
  user: (n) => ({
    loginName: NAMES[n % NAMES.length],
    fullName: '',
    nickname: `nick ${n}`,
    email: '',
    kind: 'human',
    enabled: n % 3 > 0,
    maxChats: n,
    skillIds: [n % 5],
    groupId: 1,
    roles: ['agent'],
    passwordHash: null,
    mustChangePassword: false,
  }),
  skill: (n) => ({ name: NAMES[n % NAMES.length], description: '', maxWaitTime: n }),
  agentGroup: (n) => ({ name: `group ${n}`, parentGroupId: n % 2 === 0 ? null : 1 }),
  settings: (n) => ({ ringSeconds: n + 1, visitorOrigins: [`https://${n}.example`] }),
};

const step = fc.record({
  kind: fc.constantFrom<(keyof typeof data)[]>('user', 'user', 'skill', 'agentGroup', 'settings'),
  /** One that exists, or else a new one, by its place. */
  at: fc.nat(12),
  deleted: fc.boolean(),
  n: fc.nat(20),
});

/** What of a setup somebody can see. */
function seen(setup: ReturnType<typeof readSetup>) {
  const { names, records, engine, userByLogin, skillByName, groupByName, appKeys, ...rest } = setup;
  const { users, groups, surveys, ...plain } = rest;
  const byId = (map: ReadonlyMap<number, unknown>) => [...map].sort(([a], [b]) => a - b);
  const { users: u, skills: s, groups: g, statusReasons: r, routingRules, ...settings } = engine;
  return {
    ...plain,
    settings,
    lists: [users, groups, surveys, ...Object.values(records)].map((map) => [...map]),
    engine: [u, s, g, r, routingRules].map(byId),
    found: NAMES.map((name) => [
      userByLogin.get(name),
      skillByName.get(name),
      groupByName.get(`group ${name.length}`),
    ]),
    named: Object.values(names).map((index) => index.values().length),
    keys: appKeys.values(),
  };
}

describe('the setup after a change', () => {
  it('[CFG95] is the one that all that is stored makes, whatever was changed in between', () => {
    fc.assert(
      fc.property(fc.array(fc.array(step, { minLength: 1, maxLength: 4 })), (writes) => {
        const stored = new Map<string, ConfigItem>();
        const revisions: Record<string, number> = {};
        const nextIds: Record<string, number> = {};
        const state = (): ConfigState => ({ items: [...stored.values()], revisions, nextIds });
        let setup = readSetup('a', state());
        for (const write of writes) {
          const touched = new Set<Kind>(write.map(({ kind }) => kind));
          for (const kind of touched) revisions[kind] = (revisions[kind] ?? 0) + 1;
          const items = write.flatMap(({ kind, at, deleted, n }): ConfigItem[] => {
            const next = nextIds[kind] ?? 1;
            const id = kind === 'settings' ? 1 : Math.min(at + 1, next);
            const before = stored.get(`${kind} ${id}`);
            // Ids are never used again.
            if (before?.deleted === true) return [];
            nextIds[kind] = Math.max(next, id + 1);
            const item = {
              kind,
              id,
              revision: revisions[kind] ?? 0,
              deleted: deleted && before !== undefined && kind !== 'settings',
              nameKey: null,
              data: JSON.stringify(data[kind](n)),
            };
            stored.set(`${kind} ${id}`, item);
            return [item];
          });
          const of = (by: Record<string, number>) =>
            Object.fromEntries([...touched].map((kind) => [kind, by[kind] ?? 1]));
          setup = changedSetup(setup, {
            items,
            revisions: of(revisions),
            nextIds: of(nextIds),
          });
          expect(seen(setup)).toEqual(seen(readSetup('a', { ...state(), nextIds: setup.nextIds })));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('[CFG95] shares with the one before what was not changed', () => {
    const items: ConfigItem[] = [
      {
        kind: 'user',
        id: 1,
        revision: 1,
        deleted: false,
        nameKey: null,
        data: JSON.stringify(data.user(1)),
      },
      {
        kind: 'skill',
        id: 1,
        revision: 1,
        deleted: false,
        nameKey: null,
        data: JSON.stringify(data.skill(1)),
      },
    ];
    const stored = { items, revisions: { user: 1, skill: 1 }, nextIds: { user: 2, skill: 2 } };
    const before = readSetup('a', stored);
    const [user] = items;
    if (user === undefined) throw new Error('there is a user');
    const after = changedSetup(before, {
      items: [{ ...user, revision: 2, data: JSON.stringify(data.user(2)) }],
      revisions: { user: 2 },
      nextIds: { user: 2 },
    });
    expect(after.records.skill).toBe(before.records.skill);
    expect(after.names.skill).toBe(before.names.skill);
    expect(after.engine.skills).toBe(before.engine.skills);
    expect(after.users.get(1)?.nickname).toBe('nick 2');
    expect(before.users.get(1)?.nickname).toBe('nick 1');
  });
});
