/** Profiles: the roles that users have, in the original API's form. */
import Type from 'typebox';
import { id, list, optional } from '../annotations.js';
import { defineDocument } from '../document.js';

const PermissionPackage = Type.Object({
  id: Type.Integer({ description: "The package's number in the original API." }),
  isDisplayed: Type.Boolean(),
  isEnabled: Type.Boolean(),
  featureKeys: list(Type.String(), { always: true, xmlItem: 'featureKey' }),
});

const Profile = optional({
  id: id('The value used in profileIds of a user.'),
  deleted: Type.Boolean(),
  name: Type.String(),
  description: Type.String(),
  roleTypeId: Type.Integer({ description: '1 administrator, 2 agent, 3 agent manager.' }),
  roleTypeName: Type.String(),
  dateUpdated: Type.String({
    description: "When it was added: yyyy-MM-dd HH:mm:ss in the account's time zone.",
  }),
  numOfAssignedUsers: Type.Integer({
    description: 'How many of the users that the caller may see have this role.',
  }),
  permissionPackages: list(PermissionPackage, {
    always: true,
    xmlItem: 'permissionPackage',
    description: 'What the role allows, by the numbers of the original API.',
  }),
  permissions: list(Type.Integer(), {
    always: true,
    xmlItem: 'permission',
    description: 'Always empty: permissions are not granted one by one.',
  }),
  isAssignedToLPA: Type.Boolean(),
});
/** A profile as it is answered. */
export type Profile = Type.Static<typeof Profile>;

const common = { root: null, style: 'plain' } as const;

export const profileDocument = defineDocument({
  ...common,
  name: 'profile',
  description: 'A role that users can have.',
  schema: Profile,
});

export const profilesDocument = defineDocument({
  ...common,
  name: 'profiles',
  description: 'The roles that users can have.',
  schema: list(Profile, { always: true, xmlItem: 'profile' }),
});
