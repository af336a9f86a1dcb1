/**
 * Configuration records as they are stored, and the engine's view of them. A record is written only
 * by this build's code, through these types; fields are only ever added.
 */
import {
  type AccountConfig,
  type AgentGroup,
  DEFAULT_SETTINGS,
  type Role,
  type Settings,
  type Skill,
  type User,
} from '@parley/engine';
import type { ConfigChange, ConfigItem } from '@parley/store';

export interface UserRecord {
  readonly loginName: string;
  readonly fullName: string;
  readonly nickname: string;
  readonly email: string;
  readonly kind: 'human' | 'bot';
  readonly enabled: boolean;
  readonly maxChats: number;
  readonly skillIds: readonly number[];
  readonly groupId: number;
  readonly roles: readonly Role[];
  /** Argon2id, encoded; null for who logs in by app key only. */
  readonly passwordHash: string | null;
  /** Must choose a new password before anything else. */
  readonly mustChangePassword: boolean;
}

export interface SkillRecord {
  readonly name: string;
  readonly description: string;
  readonly maxWaitTime: number;
}

export interface AgentGroupRecord {
  readonly name: string;
}

export type AppKeyKind = 'visitor' | 'agent' | 'server';

export interface AppKeyRecord {
  readonly kind: AppKeyKind;
  /** The public part; also the record's unique name. */
  readonly key: string;
  /** SHA-256, lower-case hex; null for visitors' keys, which have none. */
  readonly secretHash: string | null;
  readonly accessToken: string | null;
  readonly accessTokenSecretHash: string | null;
  /** The user that an agent key logs in; null for any. */
  readonly userId: number | null;
  /** Whether it may name the visitor's address. */
  readonly trusted: boolean;
}

export interface SettingsRecord extends Partial<Settings> {
  /** Origins of browsers that may use visitor resources; `*` any. */
  readonly visitorOrigins?: readonly string[];
  /** Origins of browsers that may use the agent API; none by default. */
  readonly agentOrigins?: readonly string[];
}

export type SurveyKind = 'preChat' | 'offline' | 'exit' | 'agent';

export type QuestionType =
  | 'Text Field'
  | 'Text Area'
  | 'Dropdown Box'
  | 'Checkbox'
  | 'Radio Button'
  | 'Radio Button (side by side)';

export interface SurveyQuestion {
  readonly id: number;
  readonly order: number;
  /** What an entry's `showLogicId` names. */
  readonly logicId: number;
  readonly mandatory: boolean;
  readonly type: QuestionType;
  readonly validationType: 'alpha_numeric' | 'numeric' | 'email' | 'phone';
  readonly label: string;
  readonly entries: readonly {
    readonly value: string;
    readonly displayValue: string;
    readonly checked: boolean;
    /** Questions that choosing this entry shows. */
    readonly showLogicId: readonly number[];
  }[];
}

export interface SurveyRecord {
  readonly kind: SurveyKind;
  readonly name: string;
  readonly title: string;
  readonly header: string;
  /** The skill it is for; null for chats whose skill has none of its own. */
  readonly skillId: number | null;
  readonly enabled: boolean;
  readonly questions: readonly SurveyQuestion[];
}

/** Record type of each kind. */
export interface Records {
  readonly user: UserRecord;
  readonly skill: SkillRecord;
  readonly agentGroup: AgentGroupRecord;
  readonly appKey: AppKeyRecord;
  readonly survey: SurveyRecord;
  readonly settings: SettingsRecord;
}

export type Kind = keyof Records;

export type Stored<K extends Kind> = Records[K] & {
  readonly id: number;
  readonly revision: number;
};

/** Everything configured for an account, read once and replaced whole on a change. */
export interface AccountSetup {
  readonly accountId: string;
  readonly engine: AccountConfig;
  readonly users: ReadonlyMap<number, Stored<'user'>>;
  /** By login name, lower case. */
  readonly userByLogin: ReadonlyMap<string, Stored<'user'>>;
  readonly skillByName: ReadonlyMap<string, Stored<'skill'>>;
  readonly appKeys: ReadonlyMap<string, Stored<'appKey'>>;
  readonly groups: ReadonlyMap<number, Stored<'agentGroup'>>;
  readonly surveys: ReadonlyMap<number, Stored<'survey'>>;
  readonly visitorOrigins: readonly string[];
  readonly agentOrigins: readonly string[];
  readonly revisions: Readonly<Record<string, number>>;
}

/** How a name is compared: login names and skill names do not differ by case. */
export function nameKey(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}

/** The record of a stored item of that kind. */
export function parseRecord<K extends Kind>(kind: K, item: ConfigItem): Stored<K> {
  if (item.kind !== kind) throw new Error(`record ${item.id} is a ${item.kind}, not a ${kind}`);
  const record: Records[K] = JSON.parse(item.data);
  return { ...record, id: item.id, revision: item.revision };
}

/** What a record's name is compared by; null for kinds whose records have none. */
function nameKeyOf<K extends Kind>(kind: K, record: Records[K]): string | null {
  if (kind === 'appKey' && 'key' in record) return record.key;
  if ('loginName' in record) return nameKey(record.loginName);
  return 'name' in record ? nameKey(record.name) : null;
}

/** The change that adds a record; without an id the store gives it the next one. */
export function creation<K extends Kind>(kind: K, record: Records[K], id?: number): ConfigChange {
  const change = { op: 'create', kind, nameKey: nameKeyOf(kind, record) } as const;
  const data = JSON.stringify(record);
  return id === undefined ? { ...change, data } : { ...change, data, id };
}

/** The change that replaces a record. */
export function replacement<K extends Kind>(kind: K, id: number, record: Records[K]): ConfigChange {
  return { op: 'update', kind, id, nameKey: nameKeyOf(kind, record), data: JSON.stringify(record) };
}

export function readSetup(
  accountId: string,
  items: readonly ConfigItem[],
  revisions: Readonly<Record<string, number>>,
): AccountSetup {
  const all = <K extends Kind>(kind: K): Stored<K>[] =>
    items
      .filter((item) => item.kind === kind && !item.deleted)
      .map((item) => parseRecord(kind, item));
  const byId = <K extends Kind>(records: readonly Stored<K>[]) =>
    new Map(records.map((record) => [record.id, record]));

  const users = byId(all('user'));
  const skills = byId(all('skill'));
  const groups = byId(all('agentGroup'));
  const { visitorOrigins, agentOrigins, ...settings } = all('settings')[0] ?? {};
  return {
    accountId,
    engine: {
      accountId,
      users: mapValues(users, toUser),
      skills: mapValues(skills, toSkill),
      groups: mapValues(groups, toGroup),
      settings: { ...DEFAULT_SETTINGS, ...settings },
    },
    users,
    userByLogin: new Map([...users.values()].map((user) => [nameKey(user.loginName), user])),
    skillByName: new Map([...skills.values()].map((skill) => [nameKey(skill.name), skill])),
    appKeys: new Map(all('appKey').map((key) => [key.key, key])),
    groups,
    surveys: byId(all('survey')),
    visitorOrigins: visitorOrigins ?? ['*'],
    agentOrigins: agentOrigins ?? [],
    revisions,
  };
}

function toUser(user: Stored<'user'>): User {
  const { id, loginName, fullName, nickname, email, kind, enabled, maxChats } = user;
  const { skillIds, groupId, roles } = user;
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
  };
}

function toSkill({ id, name, maxWaitTime }: Stored<'skill'>): Skill {
  return { id, name, maxWaitTime };
}

function toGroup({ id, name }: Stored<'agentGroup'>): AgentGroup {
  return { id, name };
}

function mapValues<A, B>(map: ReadonlyMap<number, A>, to: (value: A) => B): ReadonlyMap<number, B> {
  return new Map([...map].map(([id, value]) => [id, to(value)]));
}
