/** Users, skills and agent groups of an account, and what changed in them. */
import Type, { type TSchema } from 'typebox';
import { address, id, list, optional, secret, text } from '../annotations.js';
import { type DocumentType, type DocumentValue, defineDocument } from '../document.js';
import { PASSWORD_MAX } from './login.js';

/** Longest name of anything configured, in characters. */
export const CONFIG_NAME_MAX = 100;
/** Longest `answerLimit`, in seconds. */
export const ANSWER_LIMIT_MAX = 86_400;

/** Longest `maxWaitTime`, in seconds. */
export const MAX_WAIT_MAX = 86_400;
/** Highest `maxChats`. */
export const MAX_CHATS_MAX = 1_000;

const MAX_IDS = 1_000;

const localTime = (description: string) =>
  Type.String({ description: `${description}: yyyy-MM-dd HH:mm:ss in the account's time zone.` });

const ids = (description: string) =>
  list(id(), { always: true, xmlItem: 'id', maxItems: MAX_IDS, description });

const agentGroupId = id('An agent group.');
const priority = Type.Integer({ minimum: 1, maximum: 1_000 });
const splitPercentage = Type.Integer({ minimum: 0, maximum: 100 });

const dateUpdated = localTime('The last change');

// Ids of profiles and types are numbers; that they are among the known ones is said by name.
const userFields = {
  loginName: text(CONFIG_NAME_MAX, 'Unique, ignoring case.'),
  fullName: text(CONFIG_NAME_MAX),
  nickname: text(CONFIG_NAME_MAX, 'The name that visitors see.'),
  email: text(254),
  isEnabled: Type.Boolean({ description: 'Whether it may log in.' }),
  maxChats: Type.Integer({
    minimum: -1,
    maximum: MAX_CHATS_MAX,
    description: 'The maximum number of chats at once. -1: no limit.',
  }),
  skillIds: ids('The skills it holds.'),
  permissionGroups: ids('The same as profileIds.'),
  profileIds: ids('Its roles: 1 administrator, 2 agent, 3 agent manager.'),
  userTypeId: Type.Integer({ minimum: 1, maximum: 2, description: '1 human, 2 bot.' }),
  description: text(1_000),
  mobileNumber: text(40),
  employeeId: text(CONFIG_NAME_MAX),
  pictureUrl: address('picture', 1_000),
  changePwdNextLogin: Type.Boolean({
    description: 'Whether the user must change the password at the next login.',
  }),
  disabledManually: Type.Boolean(),
};

const User = optional({
  id: id(),
  deleted: Type.Boolean(),
  ...userFields,
  dateUpdated,
  isActive: Type.Boolean({ description: 'Enabled and not deleted.' }),
  lastPwdChangeDate: localTime('The last change of the password'),
  memberOf: optional({ agentGroupId, assignmentDate: localTime('Since when') }),
  managerOf: list(optional({ agentGroupId, assignmentDate: localTime('Since when') }), {
    always: true,
    xmlItem: 'group',
    description: 'Groups that it manages, including the groups below them.',
  }),
});
/** A user as it is answered; a choice of fields leaves the others out. */
export type ConfiguredUser = Type.Static<typeof User>;

const UserChange = optional({
  id: id(),
  ...userFields,
  passwordSh: secret(text(PASSWORD_MAX, 'The password itself. Never returned.')),
  memberOf: Type.Object({ agentGroupId }),
  managerOf: list(Type.Object({ agentGroupId }), {
    always: true,
    xmlItem: 'group',
    maxItems: MAX_IDS,
  }),
});

const skillFields = {
  name: text(CONFIG_NAME_MAX, 'Unique, ignoring case.'),
  description: text(1_000),
  skillOrder: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
  maxWaitTime: Type.Integer({
    minimum: 0,
    maximum: MAX_WAIT_MAX,
    description: 'Seconds after which a waiting visitor is told that everybody is busy.',
  }),
  skillRoutingConfiguration: list(Type.Object({ agentGroupId, priority, splitPercentage }), {
    always: true,
    xmlItem: 'group',
    maxItems: 100,
    description:
      'Groups that get its chats first: the lowest priority number first, and by percentage within one priority.',
  }),
  canTransfer: Type.Boolean({ description: 'Whether its chats may go to other skills.' }),
  language: text(35, 'Language tag, e.g. de-DE; empty for any.'),
  answerLimit: Type.Integer({
    minimum: 0,
    maximum: ANSWER_LIMIT_MAX,
    description:
      'How many seconds a visitor’s line may wait for a bot’s reply before the chat goes to people. 0: no limit.',
  }),
};

const Skill = optional({ id: id(), deleted: Type.Boolean(), ...skillFields, dateUpdated });
/** A skill as it is answered. */
export type ConfiguredSkill = Type.Static<typeof Skill>;

const groupFields = {
  name: text(CONFIG_NAME_MAX, 'Unique, ignoring case.'),
  description: text(1_000),
  parentGroupId: id('The parent group. The root has none.'),
  isEnabled: Type.Boolean({ description: 'A group that is not enabled takes no new members.' }),
};

const AgentGroup = optional({
  id: id(),
  deleted: Type.Boolean(),
  ...groupFields,
  parentGroupId: Type.Integer({
    'x-wire': { noneAsNull: true },
    description: 'The parent group. null for the root.',
  }),
  dateUpdated,
});
/** An agent group as it is answered. */
export type ConfiguredGroup = Type.Static<typeof AgentGroup>;

/** The documents of one kind: one record, several, and what is sent to make or change them. */
function documentsOf<T extends TSchema, C extends TSchema>(
  names: { readonly one: string; readonly many: string; readonly what: string },
  serialized: T,
  change: C,
) {
  const { one, many, what } = names;
  const common = { root: null, style: 'plain' } as const;
  return {
    one: defineDocument({
      ...common,
      name: `configured${capital(one)}`,
      xmlRoot: one,
      description: `One ${what} of the configuration.`,
      schema: serialized,
    }),
    many: defineDocument({
      ...common,
      name: `configured${capital(many)}`,
      xmlRoot: many,
      description: `Several ${what}s of the configuration.`,
      schema: list(serialized, { always: true, xmlItem: one }),
    }),
    change: defineDocument({
      ...common,
      name: `${one}Change`,
      xmlRoot: many,
      description: `One ${what}, or a list of them, to create or change. Omitted fields stay as they are.`,
      schema: list(change, { always: true, xmlItem: one, maxItems: 1_000 }),
    }),
  };
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

const users = documentsOf({ one: 'user', many: 'users', what: 'user' }, User, UserChange);
export const configuredUserDocument = users.one;
export const configuredUsersDocument = users.many;
export const userChangeDocument = users.change;
/** What is sent to make or change a user. */
export type UserChange = DocumentValue<typeof userChangeDocument>[number];

const skills = documentsOf(
  { one: 'skill', many: 'skills', what: 'skill' },
  Skill,
  optional({ id: id(), ...skillFields }),
);
export const configuredSkillDocument = skills.one;
export const configuredSkillsDocument = skills.many;
export const skillChangeDocument = skills.change;
/** What is sent to make or change a skill. */
export type SkillChange = DocumentValue<typeof skillChangeDocument>[number];

const groups = documentsOf(
  { one: 'agentGroup', many: 'agentGroups', what: 'agent group' },
  AgentGroup,
  optional({ id: id(), ...groupFields }),
);
export const configuredGroupDocument = groups.one;
export const configuredGroupsDocument = groups.many;
export const groupChangeDocument = groups.change;
/** What is sent to make or change an agent group. */
export type GroupChange = DocumentValue<typeof groupChangeDocument>[number];

export const recordIdsDocument = defineDocument({
  name: 'recordIds',
  root: null,
  xmlRoot: 'ids',
  style: 'plain',
  description: 'Ids of the records to delete together.',
  schema: list(id(), { always: true, xmlItem: 'id', maxItems: MAX_IDS }),
});

export const resetPasswordDocument = defineDocument({
  name: 'resetPassword',
  root: null,
  style: 'plain',
  description: 'A new password set by an administrator.',
  schema: Type.Object({
    newPassword: secret(text(PASSWORD_MAX)),
    changePwdNextLogin: Type.Optional(
      Type.Boolean({
        description: 'Whether the user must change the password at the next login. Default: true.',
      }),
    ),
  }),
});

const revision = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

export const changesQueryDocument = defineDocument({
  name: 'changesQuery',
  root: null,
  xmlRoot: 'query',
  style: 'plain',
  description: 'A query of a collection: what changed, or everything as it is now.',
  schema: Type.Object({
    type: Type.Integer({
      minimum: 0,
      maximum: 2,
      description:
        '0: changes after a revision; 1: changes within a range of revisions; 2: everything.',
    }),
    parameters: list(
      optional({
        site: text(20, 'The account.'),
        revision: Type.Integer({
          ...revision,
          description: 'For type 0: the revision that the caller knows.',
        }),
        from: Type.Integer({
          ...revision,
          description: 'For type 1: changes after this revision.',
        }),
        to: Type.Integer({ ...revision, description: 'For type 1: changes up to this revision.' }),
      }),
      { always: true, xmlItem: 'parameter', maxItems: 10 },
    ),
  }),
});
export type ChangesQuery = DocumentValue<typeof changesQueryDocument>;

/** The three answers to a question about the changes of one kind. */
function answersOf<T extends TSchema>(kind: string, record: T, one: string) {
  const items = list(record, { always: true, xmlItem: one });
  const site = Type.String({ description: 'The account.' });
  const common = { root: null, style: 'plain' } as const;
  const always = { always: true } as const;
  return {
    delta: defineDocument({
      ...common,
      name: `${kind}Delta`,
      description: `The ${kind} that changed after a revision, deleted ones included.`,
      schema: Type.Object({
        appDataList: list(
          Type.Object({
            appName: Type.String(),
            appApiVersion: Type.Integer(),
            accountList: Type.Object({
              accountList: list(
                Type.Object({ siteId: site, itemsCollection: Type.Object({ items, revision }) }),
                { ...always, xmlItem: 'account' },
              ),
            }),
          }),
          { ...always, xmlItem: 'appData' },
        ),
      }),
    }),
    changes: defineDocument({
      ...common,
      name: `${kind}Changes`,
      description: `The ${kind} that changed last within a range of revisions, by revision.`,
      schema: list(
        Type.Object({
          siteId: site,
          revisionsCollection: list(
            Type.Object({ revision, revisionDate: localTime('When'), items }),
            { ...always, xmlItem: 'change' },
          ),
        }),
        { ...always, xmlItem: 'account' },
      ),
    }),
    snapshot: defineDocument({
      ...common,
      name: `${kind}Snapshot`,
      description: `All ${kind} as they are.`,
      schema: list(Type.Object({ revision, siteId: site, collection: items }), {
        ...always,
        xmlItem: 'account',
      }),
    }),
  };
}

/** The answers to a question about changes, for records answered as `T`. */
export interface ChangesAnswers<T> {
  readonly delta: DocumentType<{
    appDataList: {
      appName: string;
      appApiVersion: number;
      accountList: {
        accountList: { siteId: string; itemsCollection: { items: T[]; revision: number } }[];
      };
    }[];
  }>;
  readonly changes: DocumentType<
    {
      siteId: string;
      revisionsCollection: { revision: number; revisionDate: string; items: T[] }[];
    }[]
  >;
  readonly snapshot: DocumentType<{ revision: number; siteId: string; collection: T[] }[]>;
}

const userAnswers = answersOf('users', User, 'user');
export const usersDeltaDocument = userAnswers.delta;
export const usersChangesDocument = userAnswers.changes;
export const usersSnapshotDocument = userAnswers.snapshot;

const skillAnswers = answersOf('skills', Skill, 'skill');
export const skillsDeltaDocument = skillAnswers.delta;
export const skillsChangesDocument = skillAnswers.changes;
export const skillsSnapshotDocument = skillAnswers.snapshot;

const groupAnswers = answersOf('agentGroups', AgentGroup, 'agentGroup');
export const agentGroupsDeltaDocument = groupAnswers.delta;
export const agentGroupsChangesDocument = groupAnswers.changes;
export const agentGroupsSnapshotDocument = groupAnswers.snapshot;
