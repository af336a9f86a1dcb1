/** What each kind of record is named by. */
import {
  categoryNameKey,
  contentNameKey,
  groupNameKey,
  identityNameKey,
  loginNameKey,
  NameIndex,
  reasonTextKey,
  ruleNameKey,
  skillNameKey,
  surveyNameKey,
} from './names.js';
import type { Kind, NewRecord, Stored } from './records.js';

/** How the names of each kind are compared; app keys are made here, and are no names. */
const NAME_KEYS: Readonly<Partial<Record<Kind, (name: string) => string>>> = {
  user: loginNameKey,
  skill: skillNameKey,
  agentGroup: groupNameKey,
  appKey: (key) => key,
  survey: surveyNameKey,
  cannedContent: contentNameKey,
  cannedCategory: categoryNameKey,
  statusReason: reasonTextKey,
  visitorIdentity: identityNameKey,
  routingRule: ruleNameKey,
};

/** The field that names a record. */
const NAME_FIELDS: Readonly<Partial<Record<Kind, string>>> = {
  user: 'loginName',
  appKey: 'key',
  statusReason: 'text',
};

/** What a record's name is compared by; null for kinds whose records have none. */
export function nameKeyOf<K extends Kind>(kind: K, record: NewRecord<K>): string | null {
  const key = NAME_KEYS[kind];
  const name: unknown = Reflect.get(record, NAME_FIELDS[kind] ?? 'name');
  return key === undefined || typeof name !== 'string' ? null : key(name);
}

/** The records of a kind by their names; of kinds without names it finds nothing. */
export function nameIndexOf<K extends Kind>(
  kind: K,
  records: Iterable<Stored<K>>,
): NameIndex<Stored<K>> {
  const key = NAME_KEYS[kind];
  const field = NAME_FIELDS[kind] ?? 'name';
  const nameOf = (record: Stored<K>) => String(Reflect.get(record, field) ?? '');
  return new NameIndex<Stored<K>>(
    nameOf,
    key ?? ((name) => name),
    key === undefined ? [] : records,
  );
}
