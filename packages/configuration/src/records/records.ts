/**
 * Configuration records as they are stored, and the engine's view of them. A record is written only
 * by this build's code, through these types; fields are only ever added.
 */
import { parseStored } from './stored-json.js';
import type {
  AccountConfig,
  AgentGroup,
  GroupShare,
  Role,
  RoutingRule,
  Skill,
  StatusReason,
  User,
} from '@parley/engine';
import type { ConfigItem } from '@parley/store';
import type { NameIndex } from './names.js';
import type {
  CannedCategoryRecord,
  CannedContentRecord,
  StatusReasonRecord,
  VisitorIdentityRecord,
} from './content-records.js';
import type { RoutingRuleRecord } from './routing-rule-record.js';
import type { ServerSettings, SettingsRecord } from './settings-record.js';
import type { SharedMap } from './shared-map.js';

export type { SettingsRecord } from './settings-record.js';
export type {
  CannedCategoryRecord,
  CannedContentRecord,
  IdentityKind,
  StatusReasonRecord,
  VisitorIdentityRecord,
} from './content-records.js';

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
  readonly description: string;
  readonly mobileNumber: string;
  readonly employeeId: string;
  readonly pictureUrl: string;
  /** When it joined its group, epoch ms; 0 unknown. */
  readonly groupSince: number;
  /** Groups that it manages as a manager, with those below them. */
  readonly managerOf: readonly { readonly groupId: number; readonly since: number }[];
  /** Whether an administrator disabled it, as its administrators say. */
  readonly disabledManually: boolean;
  /** Epoch ms; 0 never. */
  readonly passwordChangedAt: number;
  /** Logins and agent sessions opened until then are void, epoch ms. */
  readonly signedOutAt: number;
  /**
   * When the user last changed the own password, epoch ms, 0 never: logins opened until then are void,
   * but for the one that the change came by. Agent sessions go on.
   */
  readonly loginsEndedAt: number;
  /** The hash of the bearer of the login that went on then; null for none. */
  readonly keptLogin: string | null;
  readonly changedAt: number;
}

export interface SkillRecord {
  readonly name: string;
  readonly description: string;
  readonly maxWaitTime: number;
  /** Its place where skills are listed. */
  readonly skillOrder: number;
  readonly routing: readonly GroupShare[];
  readonly canTransfer: boolean;
  /** Language of its chats, e.g. `de-DE`; empty for any. */
  readonly language: string;
  /** Seconds that a line may wait for the answer of a bot; 0 any time; null as the settings say. */
  readonly answerLimit: number | null;
  readonly changedAt: number;
}

export interface AgentGroupRecord {
  readonly name: string;
  readonly description: string;
  /** Null for the root. Groups of before there was a tree are below the oldest one. */
  readonly parentGroupId: number | null;
  /** A group that is not takes no new members. */
  readonly enabled: boolean;
  readonly changedAt: number;
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
  /** Whether its value was given by who made it, and so may be known to others. */
  readonly given: boolean;
  /** What it is for, in its administrators' words. */
  readonly name: string;
  /** Origins of browsers that may use it; any that the account allows when there is none. */
  readonly origins: readonly string[];
  /** The secret, sealed, for keys that sign requests; null when it was made without a box. */
  readonly sealedSecret: string | null;
  readonly sealedAccessTokenSecret: string | null;
  /** Epoch ms; 0 unknown. */
  readonly createdAt: number;
  readonly changedAt: number;
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
  readonly changedAt: number;
}

/** Record type of each kind. */
export interface Records {
  readonly user: UserRecord;
  readonly skill: SkillRecord;
  readonly agentGroup: AgentGroupRecord;
  readonly appKey: AppKeyRecord;
  readonly survey: SurveyRecord;
  readonly settings: SettingsRecord;
  readonly cannedContent: CannedContentRecord;
  readonly cannedCategory: CannedCategoryRecord;
  readonly statusReason: StatusReasonRecord;
  readonly visitorIdentity: VisitorIdentityRecord;
  readonly routingRule: RoutingRuleRecord;
}

export type Kind = keyof Records;

export type Stored<K extends Kind> = Records[K] & {
  readonly id: number;
  readonly revision: number;
};

/** Fields that records of before there were these fields do without. */
const DEFAULTS = {
  user: {
    description: '',
    mobileNumber: '',
    employeeId: '',
    pictureUrl: '',
    groupSince: 0,
    managerOf: [],
    disabledManually: false,
    passwordChangedAt: 0,
    signedOutAt: 0,
    loginsEndedAt: 0,
    keptLogin: null,
    changedAt: 0,
  },
  skill: {
    skillOrder: 0,
    routing: [],
    canTransfer: true,
    language: '',
    answerLimit: null,
    changedAt: 0,
  },
  agentGroup: { description: '', parentGroupId: null, enabled: true, changedAt: 0 },
  appKey: {
    name: '',
    origins: [],
    given: false,
    sealedSecret: null,
    sealedAccessTokenSecret: null,
    createdAt: 0,
    changedAt: 0,
  },
  survey: { changedAt: 0 },
  settings: {},
  cannedContent: { lobIds: [], templateId: '', changedAt: 0 },
  cannedCategory: { order: 0, proposed: false, changedAt: 0 },
  statusReason: { changedAt: 0 },
  visitorIdentity: { changedAt: 0 },
  routingRule: { changedAt: 0 },
} satisfies { readonly [K in Kind]: Partial<Records[K]> };

/** Every kind of record. */
export const KINDS = Object.keys(DEFAULTS) as readonly Kind[];

/** What must be given to make a record; the rest has defaults. */
export type NewRecord<K extends Kind> = Omit<Records[K], keyof (typeof DEFAULTS)[K]> &
  Partial<Records[K]>;

/** What the engine must know, in maps of which another one is made by changing a few records. */
export interface EngineConfiguration extends AccountConfig {
  readonly users: SharedMap<number, User>;
  readonly skills: SharedMap<number, Skill>;
  readonly groups: SharedMap<number, AgentGroup>;
  readonly statusReasons: SharedMap<number, StatusReason>;
  /** Those that are on. */
  readonly routingRules: SharedMap<number, RoutingRule>;
}

/**
 * Everything configured for an account. A value of this kind is never changed: a change of the
 * configuration makes another one, which shares with it what is the same.
 */
export interface AccountConfiguration {
  readonly accountId: string;
  readonly engine: EngineConfiguration;
  readonly users: SharedMap<number, Stored<'user'>>;
  /** What is stored of each kind, by name. */
  readonly names: NameIndexes;
  readonly userByLogin: NameIndex<Stored<'user'>>;
  readonly skillByName: NameIndex<Stored<'skill'>>;
  readonly groupByName: NameIndex<Stored<'agentGroup'>>;
  /** By the public part of the key. */
  readonly appKeys: NameIndex<Stored<'appKey'>>;
  readonly groups: ReadonlyMap<number, Stored<'agentGroup'>>;
  readonly surveys: ReadonlyMap<number, Stored<'survey'>>;
  /** What is stored of each kind, by id, in the order of ids; groups in one tree. */
  readonly records: RecordMaps;
  /** Groups as they are stored: those of before there was a tree name no parent. */
  readonly groupsStored: SharedMap<number, Stored<'agentGroup'>>;
  readonly visitorOrigins: readonly string[];
  readonly agentOrigins: readonly string[];
  /** The settings that only the server needs. */
  readonly settings: ServerSettings;
  readonly revisions: Readonly<Record<string, number>>;
  /** Of each collection, the id that its next new record has. */
  readonly nextIds: Readonly<Record<string, number>>;
}

/** A configuration that follows what is stored. */
export interface LiveSetup {
  /** As this process knows it: another one may have changed it since. */
  readonly known: () => AccountConfiguration;
  /** The same, once what others changed is read. */
  readonly refreshed: () => Promise<AccountConfiguration>;
}

export type RecordMaps = { readonly [K in Kind]: SharedMap<number, Stored<K>> };

export type NameIndexes = { readonly [K in Kind]: NameIndex<Stored<K>> };

/** The record of a stored item of that kind. */
export function parseRecord<K extends Kind>(kind: K, item: ConfigItem): Stored<K> {
  if (item.kind !== kind) throw new Error(`record ${item.id} is a ${item.kind}, not a ${kind}`);
  const given = parseStored(item.data, `${kind} ${item.id}`) as NewRecord<K>;
  const record = completed(kind, given);
  return { ...record, id: item.id, revision: item.revision };
}

/** A whole record from what must be given. */
export function completed<K extends Kind>(kind: K, given: NewRecord<K>): Records[K] {
  const record: Record<string, unknown> = { ...DEFAULTS[kind], ...given };
  // The given fields and the defaults are together all fields, by the type of what is given.
  return record as unknown as Records[K];
}
