/**
 * `…/le-users/profiles`: the roles, in the form in which clients of the original API look for what
 * `profileIds` of a user name. There are no others, and none is changed.
 */
import { answerEmpty, answerWith } from '../http/reply.js';
import type { Role } from '@parley/engine';
import { type Profile, profileDocument, profilesDocument, WireError } from '@parley/protocol';
import type { FastifyInstance } from 'fastify';
import type { Answer } from '../http/answer.js';
import { resource } from '../http/resource.js';
import type { ConfigurationContext } from './context.js';
import type { ConfigurationCall } from './call.js';
import { idOf, selectionOf } from './collection-handlers.js';
import { CONFIGURATION_API, NOT_AGAIN, SELECT } from './collection-routes.js';
import { omitUndefined } from '@parley/configuration/changes/fields';
import { requireWiderScope, seesUser } from './le-users.js';
import { localTime } from '@parley/configuration/changes/local-time';
import { isKnown, revisionHeaders } from './revision.js';
import { PROFILE_IDS } from '@parley/configuration/changes/roles';
import { pick, type Selection } from './select.js';

/**
 * What each role is called, and its packages by the original's numbers: the core of each, and of the
 * administrator's those for users, skills, agent groups, app keys and the audit log.
 */
const ROLES: Readonly<
  Record<Role, { readonly name: string; readonly description: string; readonly packages: number[] }>
> = {
  administrator: {
    name: 'Administrator',
    description: 'Changes the configuration and sees everything.',
    packages: [10_000, 10_001, 10_003, 10_004, 10_006, 10_015],
  },
  agent: { name: 'Agent', description: 'Takes chats.', packages: [20_000] },
  manager: {
    name: 'Agent Manager',
    description: 'Sees the agents, chats and settings of the groups that it manages.',
    packages: [30_000],
  },
};

/** Registers the profiles; they can only be read. */
export function registerProfiles(app: FastifyInstance, server: ConfigurationContext): void {
  const path = '/configuration/le-users/profiles';
  const common = { query: SELECT, headers: NOT_AGAIN, gives: ['ETag'] } as const;
  resource(app, server, CONFIGURATION_API, path, {
    GET: {
      ...common,
      summary: 'Lists the profiles: the roles that users can have.',
      answers: { 200: profilesDocument, 304: null },
      errors: ['unauthorized', 'forbidden', 'invalidQuery'],
      handle: (call) =>
        show(call, (profiles, selection, headers) => {
          const picked = profiles.map((profile) => pick(profile, selection));
          return answerWith(call, profilesDocument, picked, 200, headers);
        }),
    },
  });
  resource(app, server, CONFIGURATION_API, `${path}/:id`, {
    GET: {
      ...common,
      summary: 'Returns one profile.',
      answers: { 200: profileDocument, 304: null },
      errors: ['unauthorized', 'forbidden', 'invalidQuery', 'notFound'],
      handle: (call) =>
        show(call, (profiles, selection, headers) => {
          const id = idOf(call);
          const found = profiles.find((profile) => profile.id === id);
          if (found !== undefined) {
            return answerWith(call, profileDocument, pick(found, selection), 200, headers);
          }
          throw new WireError('notFound', `There is no profile ${id}: there are 1, 2 and 3.`);
        }),
    },
  });
}

/** @throws WireError 403 for agents and bots; whatever `answer` throws. */
async function show(
  call: ConfigurationCall,
  answer: (
    profiles: readonly Profile[],
    selection: Selection,
    headers: Readonly<Record<string, string>>,
  ) => Answer,
): Promise<Answer> {
  const selection = selectionOf(call);
  requireWiderScope(call);
  const { revisions } = call.account.setup;
  // Which users there are, and which of them a manager sees, is all that changes in a profile.
  const revision = (revisions['user'] ?? 0) + (revisions['agentGroup'] ?? 0);
  const headers = revisionHeaders(revision);
  const answered = answer(await profilesFor(call), selection, headers);
  return isKnown(call.request.headers, revision) ? answerEmpty(call, 304, headers) : answered;
}

async function profilesFor(call: ConfigurationCall): Promise<Profile[]> {
  const { account, server } = call;
  const users = [...account.setup.users.values()].filter((user) => seesUser(call, user));
  const { createdAt } = (await server.store.accounts.get(account.id)) ?? { createdAt: 0 };
  const { timeZone } = account.setup.engine.settings;
  const dateUpdated = localTime(createdAt, timeZone);
  return (Object.keys(ROLES) as Role[])
    .map((role): Profile => {
      const { name, description, packages } = ROLES[role];
      return {
        id: PROFILE_IDS[role],
        deleted: false,
        name,
        description,
        roleTypeId: PROFILE_IDS[role],
        roleTypeName: name,
        ...omitUndefined({ dateUpdated }),
        numOfAssignedUsers: users.filter(({ roles }) => roles.includes(role)).length,
        permissionPackages: packages.map((id) => ({
          id,
          isDisplayed: true,
          isEnabled: true,
          featureKeys: [],
        })),
        permissions: [],
        isAssignedToLPA: false,
      };
    })
    .sort((a, b) => (a.id ?? 0) - (b.id ?? 0));
}
