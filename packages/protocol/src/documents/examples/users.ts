/** Examples of users, skills and agent groups. */
import {
  agentGroupsChangesDocument,
  agentGroupsDeltaDocument,
  agentGroupsSnapshotDocument,
  type ChangesAnswers,
  changePasswordDocument,
  changesQueryDocument,
  configuredGroupDocument,
  configuredGroupsDocument,
  configuredSkillDocument,
  configuredSkillsDocument,
  configuredUserDocument,
  configuredUsersDocument,
  groupChangeDocument,
  type Profile,
  profileDocument,
  profilesDocument,
  recordIdsDocument,
  resetPasswordDocument,
  skillChangeDocument,
  skillsChangesDocument,
  skillsDeltaDocument,
  skillsSnapshotDocument,
  userChangeDocument,
  usersChangesDocument,
  usersDeltaDocument,
  usersSnapshotDocument,
} from '../../index.js';
import { type AnswerExample, sent, answered } from './example.js';
import { ACCOUNT } from './values.js';

const changed = '2024-07-01 15:00:00';

const user = {
  id: 101,
  deleted: false,
  loginName: 'agent1',
  fullName: 'Anna Agent',
  nickname: 'Anna',
  email: 'agent1@example.com',
  isEnabled: true,
  isActive: true,
  maxChats: 10,
  skillIds: [11, 12],
  memberOf: { agentGroupId: 1, assignmentDate: changed },
  managerOf: [],
  permissionGroups: [2],
  profileIds: [2],
  userTypeId: 1,
  dateUpdated: changed,
};

const skill = {
  id: 11,
  deleted: false,
  name: 'Sales',
  description: 'Questions before buying',
  skillOrder: 0,
  maxWaitTime: 120,
  skillRoutingConfiguration: [],
  canTransfer: true,
  language: '',
  dateUpdated: changed,
};

const group = {
  id: 1,
  deleted: false,
  name: 'Main Group',
  description: '',
  isEnabled: true,
  dateUpdated: changed,
};

const profile: Profile = {
  id: 2,
  deleted: false,
  name: 'Agent',
  description: 'Takes chats.',
  roleTypeId: 2,
  roleTypeName: 'Agent',
  dateUpdated: changed,
  numOfAssignedUsers: 3,
  permissionPackages: [{ id: 20_000, isDisplayed: true, isEnabled: true, featureKeys: [] }],
  permissions: [],
  isAssignedToLPA: false,
};

/** The three answers to a question about what changed. */
function changesOf<T>(documents: ChangesAnswers<T>, record: T): AnswerExample[] {
  const items = [record];
  return [
    answered(
      documents.delta,
      {
        appDataList: [
          {
            appName: 'le-users',
            appApiVersion: 1,
            accountList: {
              accountList: [{ siteId: ACCOUNT, itemsCollection: { items, revision: 7 } }],
            },
          },
        ],
      },
      { name: 'delta', summary: 'Type 0: changes after a revision' },
    ),
    answered(
      documents.changes,
      [
        {
          siteId: ACCOUNT,
          revisionsCollection: [{ revision: 7, revisionDate: changed, items }],
        },
      ],
      { name: 'changes', summary: 'Type 1: changes within revisions' },
    ),
    answered(documents.snapshot, [{ revision: 7, siteId: ACCOUNT, collection: items }], {
      name: 'snapshot',
      summary: 'Type 2: everything as it is',
    }),
  ];
}

export const USERS_ANSWERS = [
  answered(configuredUserDocument, user),
  answered(configuredUsersDocument, [user]),
  answered(configuredSkillDocument, skill),
  answered(configuredSkillsDocument, [skill]),
  answered(configuredGroupDocument, group),
  answered(configuredGroupsDocument, [group]),
  answered(profileDocument, profile),
  answered(profilesDocument, [profile]),
  ...changesOf(
    { delta: usersDeltaDocument, changes: usersChangesDocument, snapshot: usersSnapshotDocument },
    user,
  ),
  ...changesOf(
    {
      delta: skillsDeltaDocument,
      changes: skillsChangesDocument,
      snapshot: skillsSnapshotDocument,
    },
    skill,
  ),
  ...changesOf(
    {
      delta: agentGroupsDeltaDocument,
      changes: agentGroupsChangesDocument,
      snapshot: agentGroupsSnapshotDocument,
    },
    group,
  ),
];

const MADE = /^POST /;
const CHANGED = /^PUT .*:id$/;
const CHANGED_TOGETHER = /^PUT .*s$/;

export const USERS_BODIES = [
  sent(
    userChangeDocument,
    'new',
    'An agent',
    {
      loginName: 'cleo',
      fullName: 'Cleo Agent',
      nickname: 'Cleo',
      passwordSh: 'correct horse 7',
      skillIds: [11],
      profileIds: [2],
      maxChats: 5,
    },
    MADE,
  ),
  sent(userChangeDocument, 'change', 'More chats at once', { maxChats: 8 }, CHANGED),
  sent(
    userChangeDocument,
    'changes',
    'Two users at once',
    [
      { id: 101, maxChats: 8 },
      { id: 102, maxChats: 12 },
    ],
    CHANGED_TOGETHER,
  ),
  sent(
    skillChangeDocument,
    'new',
    'A skill',
    { name: 'Returns', description: 'Sending things back', maxWaitTime: 60 },
    MADE,
  ),
  sent(skillChangeDocument, 'change', 'Another wait', { maxWaitTime: 90 }, CHANGED),
  sent(
    skillChangeDocument,
    'changes',
    'Two skills at once',
    [
      { id: 11, skillOrder: 1 },
      { id: 12, skillOrder: 2 },
    ],
    CHANGED_TOGETHER,
  ),
  sent(
    groupChangeDocument,
    'new',
    'A group below another',
    { name: 'Evening shift', parentGroupId: 1 },
    MADE,
  ),
  sent(groupChangeDocument, 'change', 'Another name', { name: 'Day shift' }, CHANGED),
  sent(
    groupChangeDocument,
    'changes',
    'A list, each by its id',
    [{ id: 1, description: 'Everybody' }],
    CHANGED_TOGETHER,
  ),
  sent(recordIdsDocument, 'ids', 'Two records', [21, 22]),
  sent(changesQueryDocument, 'everything', 'Everything as it is', {
    type: 2,
    parameters: [{ site: '12345678' }],
  }),
  sent(changesQueryDocument, 'since', 'What changed after a revision', {
    type: 0,
    parameters: [{ site: '12345678', revision: 1 }],
  }),
  sent(
    changePasswordDocument,
    'byId',
    'Of the user in the path',
    {
      oldPassword: 'parley-demo',
      newPassword: 'correct horse 7',
      confirmPassword: 'correct horse 7',
    },
    /:id\/changePassword$/,
  ),
  sent(
    changePasswordDocument,
    'byName',
    'Of the user named in the body',
    {
      loginName: 'agent1',
      oldPassword: 'parley-demo',
      newPassword: 'correct horse 7',
      confirmPassword: 'correct horse 7',
    },
    /users\/changePassword$/,
  ),
  sent(resetPasswordDocument, 'reset', 'To be changed at the next login', {
    newPassword: 'correct horse 7',
  }),
];
