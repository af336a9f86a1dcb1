/** What a table of users may hold. Apart from its reader, so that a command line can show it. */

/** What a user may be. */
export const USER_ROLES = ['agent', 'manager', 'administrator'] as const;

/** Columns of a table of users to be made; only the first is needed. */
export const USER_COLUMNS = [
  ...['loginName', 'fullName', 'nickname', 'email', 'roles', 'skills', 'group'],
  ...['maxChats', 'password'],
] as const;
