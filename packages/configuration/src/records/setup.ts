/** Makes an account's setup from what is stored, and the next one from what was changed. */
import type { AgentGroup, RoutingRule, Skill, StatusReason, User } from '@parley/engine';
import type { ConfigItem, ConfigState } from '@parley/store';
import type { NameIndex } from './names.js';
import { nameIndexOf } from './record-names.js';
import {
  type AccountConfiguration,
  type EngineConfiguration,
  type Kind,
  KINDS,
  type NameIndexes,
  parseRecord,
  type RecordMaps,
  type Stored,
} from './records.js';
import { engineSettings, serverSettings } from './settings-record.js';
import { SharedMap } from './shared-map.js';

/** The setup that the stored configuration makes. */
export function readSetup(accountId: string, stored: ConfigState): AccountConfiguration {
  const records = recordMaps((kind) =>
    byId(ofKind(kind, stored.items).map((item) => parseRecord(kind, item))),
  );
  const whole = { ...records, agentGroup: inOneTree(records.agentGroup) };
  const names = nameIndexes((kind) => namesIn(whole, kind));
  return setupOf(accountId, stored, whole, records.agentGroup, names, {
    users: mapped(whole.user, toUser),
    skills: mapped(whole.skill, toSkill),
    groups: mapped(whole.agentGroup, toGroup),
    statusReasons: mapped(whole.statusReason, toReason),
    routingRules: rulesOf(whole.routingRule),
  });
}

/**
 * The setup after a change, at a cost that does not grow with the account.
 * @param changed every record that differs from what `before` was made from, deleted ones too, in the
 *   order of the changes; and where the collections that were touched stand now
 */
export function changedSetup(
  before: AccountConfiguration,
  changed: ConfigState,
): AccountConfiguration {
  // One write may change a record twice, as when one is deleted: the last is how it stands.
  const last = new Map(changed.items.map((item) => [`${item.kind} ${item.id}`, item]));
  const items = (kind: Kind) => [...last.values()].filter((item) => item.kind === kind);
  const records = recordMaps((kind) => recordsAfter(before, kind, items(kind)));
  const groupsTouched = items('agentGroup').length > 0;
  const whole = groupsTouched
    ? { ...records, agentGroup: inOneTree(records.agentGroup) }
    : { ...records, agentGroup: before.records.agentGroup };
  const names = nameIndexes((kind) =>
    // Where any group stands in their tree may change with one of them.
    kind === 'agentGroup' && groupsTouched
      ? namesIn(whole, kind)
      : namesAfter(before, kind, items(kind), whole),
  );
  const { users, skills, groups, statusReasons } = before.engine;
  return setupOf(
    before.accountId,
    {
      revisions: { ...before.revisions, ...changed.revisions },
      nextIds: { ...before.nextIds, ...changed.nextIds },
    },
    whole,
    records.agentGroup,
    names,
    {
      users: mappedAfter(users, items('user'), whole.user, toUser),
      skills: mappedAfter(skills, items('skill'), whole.skill, toSkill),
      groups: groupsTouched ? mapped(whole.agentGroup, toGroup) : groups,
      statusReasons: mappedAfter(
        statusReasons,
        items('statusReason'),
        whole.statusReason,
        toReason,
      ),
      routingRules:
        items('routingRule').length === 0 ? before.engine.routingRules : rulesOf(whole.routingRule),
    },
  );
}

/** Whether a change with these revisions is the one that comes right after a setup. */
export function isNext(
  { revisions }: AccountConfiguration,
  changed: Readonly<Record<string, number>>,
): boolean {
  return Object.entries(changed).every(
    ([kind, revision]) => revision === (revisions[kind] ?? 0) + 1,
  );
}

/** A map of records for each kind. */
export function recordMaps(
  of: <K extends Kind>(kind: K) => SharedMap<number, Stored<K>>,
): RecordMaps {
  // By the type of what makes them, each kind has a map of its own records.
  return Object.fromEntries(KINDS.map((kind) => [kind, of(kind)])) as RecordMaps;
}

function nameIndexes(of: <K extends Kind>(kind: K) => NameIndex<Stored<K>>): NameIndexes {
  // As above.
  return Object.fromEntries(KINDS.map((kind) => [kind, of(kind)])) as NameIndexes;
}

function namesIn<K extends Kind>(records: RecordMaps, kind: K): NameIndex<Stored<K>> {
  const ofThatKind: SharedMap<number, Stored<K>> = records[kind];
  return nameIndexOf(kind, ofThatKind.values());
}

function ofKind(kind: Kind, items: readonly ConfigItem[]): readonly ConfigItem[] {
  return items.filter((item) => item.kind === kind && !item.deleted);
}

function byId<T extends { readonly id: number }>(records: readonly T[]): SharedMap<number, T> {
  const sorted = [...records].sort((a, b) => a.id - b.id);
  return SharedMap.of(sorted.map((record) => [record.id, record]));
}

function recordsAfter<K extends Kind>(
  before: AccountConfiguration,
  kind: K,
  items: readonly ConfigItem[],
): SharedMap<number, Stored<K>> {
  const stored: RecordMaps = { ...before.records, agentGroup: before.groupsStored };
  const records: SharedMap<number, Stored<K>> = stored[kind];
  if (items.length === 0) return records;
  const after = records.with(
    items.map((item) => [item.id, item.deleted ? undefined : parseRecord(kind, item)]),
  );
  // Ids grow, and new records come last; but for one whose id was chosen by who made it.
  const next = before.nextIds[kind] ?? 1;
  const among = items.some(({ id, deleted }) => id < next && !deleted && !records.has(id));
  return among ? byId([...after.values()]) : after;
}

function namesAfter<K extends Kind>(
  before: AccountConfiguration,
  kind: K,
  items: readonly ConfigItem[],
  whole: RecordMaps,
): NameIndex<Stored<K>> {
  const index: NameIndex<Stored<K>> = before.names[kind];
  if (items.length === 0 || kind === 'settings') return index;
  const records: SharedMap<number, Stored<K>> = before.records[kind];
  const after: SharedMap<number, Stored<K>> = whole[kind];
  const present = (map: SharedMap<number, Stored<K>>) =>
    items.flatMap(({ id }) => map.get(id) ?? []);
  return index.with(present(records), present(after));
}

function mapped<A, B>(records: SharedMap<number, A>, to: (record: A) => B): SharedMap<number, B> {
  return SharedMap.of([...records].map(([id, record]) => [id, to(record)]));
}

/** As `mapped` would make it, from what it made before; the order of its entries is nobody's. */
function mappedAfter<A, B>(
  before: SharedMap<number, B>,
  items: readonly ConfigItem[],
  records: SharedMap<number, A>,
  to: (record: A) => B,
): SharedMap<number, B> {
  if (items.length === 0) return before;
  return before.with(
    items.map(({ id }) => {
      const record = records.get(id);
      return [id, record === undefined ? undefined : to(record)];
    }),
  );
}

/** The setup that these records make. */
function setupOf(
  accountId: string,
  { revisions, nextIds }: Pick<AccountConfiguration, 'revisions' | 'nextIds'>,
  records: RecordMaps,
  groupsStored: AccountConfiguration['groupsStored'],
  names: NameIndexes,
  engine: Omit<EngineConfiguration, 'accountId' | 'settings'>,
): AccountConfiguration {
  const settingsRecord = [...records.settings.values()][0] ?? {};
  const settings = serverSettings(settingsRecord);
  return {
    accountId,
    engine: { accountId, ...engine, settings: engineSettings(settingsRecord) },
    users: records.user,
    names,
    userByLogin: names.user,
    skillByName: names.skill,
    groupByName: names.agentGroup,
    appKeys: names.appKey,
    groups: records.agentGroup,
    surveys: records.survey,
    records,
    groupsStored,
    visitorOrigins: settings.visitorOrigins,
    agentOrigins: settings.agentOrigins,
    settings,
    revisions,
    nextIds,
  };
}

/** Groups that name no parent are below the oldest of them, which is the root. */
function inOneTree(
  groups: SharedMap<number, Stored<'agentGroup'>>,
): SharedMap<number, Stored<'agentGroup'>> {
  const root = [...groups.values()].find(({ parentGroupId }) => parentGroupId === null);
  return mapped(groups, (group) =>
    group.parentGroupId === null && group !== root && root !== undefined
      ? { ...group, parentGroupId: root.id }
      : group,
  );
}

function toUser(user: Stored<'user'>): User {
  const { id, loginName, fullName, nickname, email, kind, enabled, maxChats } = user;
  const { skillIds, groupId, roles, managerOf } = user;
  return {
    id,
    loginName,
    fullName,
    nickname,
    email,
    kind,
    enabled,
    maxChats,
    skillIds,
    groupId,
    roles,
    ...(managerOf.length === 0 ? {} : { managedGroupIds: managerOf.map((one) => one.groupId) }),
  };
}

function toSkill({
  id,
  name,
  maxWaitTime,
  routing,
  canTransfer,
  answerLimit,
}: Stored<'skill'>): Skill {
  const limit = answerLimit === null ? {} : { answerLimit };
  return { id, name, maxWaitTime, routing, canTransfer, ...limit };
}

function toGroup({ id, name, parentGroupId }: Stored<'agentGroup'>): AgentGroup {
  return { id, name, parentGroupId };
}

function toReason({ id, state, enabled }: Stored<'statusReason'>): StatusReason {
  return { id, state, enabled };
}

/** The rules that are on. There are few. */
function rulesOf(
  records: SharedMap<number, Stored<'routingRule'>>,
): SharedMap<number, RoutingRule> {
  return SharedMap.of(
    [...records.values()].flatMap(({ enabled, revision: _, changedAt: __, ...rule }) =>
      enabled ? [[rule.id, rule] as const] : [],
    ),
  );
}
