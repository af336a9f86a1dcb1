/** App keys: what pages, bots and servers identify themselves with. */
import { type AppKeyChange, type ConfiguredAppKey, formatTime, WireError } from '@parley/protocol';
import { type BotKeyForm, keptSecrets, newBotKeySecrets } from '../secrets/app-key-secrets.js';
import type { SecretBox } from '../secrets/secret-box.js';
import { newKey } from '../secrets/tokens.js';
import type { AccountConfiguration, AppKeyRecord, Stored } from '../records/records.js';
import { timeOfSignOut } from '../records/sign-out-times.js';
import type { Draft } from './draft.js';
import { omitUndefined, originsOf, printable, refuse } from './fields.js';
import { NO_SECRETS } from './users.js';

/** The secrets of a key, answered when they are made and never again. */
export interface NewSecrets {
  readonly secret?: string;
  readonly accessToken?: string;
  readonly accessTokenSecret?: string;
  /** What to know of a key that has no secret. */
  readonly notice?: string;
}

export interface MadeKey {
  readonly id: number;
  readonly secrets: NewSecrets;
}

const MAX_NAME = 100;

/** What a key's value may be when it is given: it stands in headers, queries and scripts of pages. */
const GIVEN_KEY = /^[A-Za-z0-9][A-Za-z0-9._~-]{7,127}$/;

const NO_SECRET = 'This key is no secret: pages and apps show it to everybody.';
const NO_SECRET_GIVEN =
  'This key is no secret: its value was chosen elsewhere, and anybody may know it. Where you can, name the origins of your pages, or make a key of your own and change the pages.';

export function serializeAppKey(
  key: Stored<'appKey'>,
  setup: AccountConfiguration,
): ConfiguredAppKey {
  return {
    id: key.id,
    kind: key.kind,
    name: key.name,
    key: key.key,
    ...omitUndefined({ userId: key.userId ?? undefined }),
    form: formOf(key),
    origins: [...key.origins],
    trusted: key.trusted,
    ...omitUndefined({
      created:
        key.createdAt === 0 ? undefined : formatTime(key.createdAt, setup.engine.settings.timeZone),
    }),
  };
}

function formOf({ kind, accessToken }: AppKeyRecord): NonNullable<ConfiguredAppKey['form']> {
  if (kind === 'visitor') return 'public';
  return accessToken === null ? 'client' : 'tokens';
}

/**
 * Makes a key.
 * @param box keeps the secrets that requests are signed with; keys for visitors need none
 * @throws WireError naming the field that cannot be.
 */
export function addAppKey(draft: Draft, box: SecretBox | null, change: AppKeyChange): MadeKey {
  const { kind, userId, form, trusted } = change;
  if (kind === undefined) return refuse('kind is required: visitor, agent or server.');
  const common = {
    kind,
    trusted: trusted ?? false,
    createdAt: draft.now,
    ...plainFields(change),
  };
  if (kind === 'visitor') {
    if (userId !== undefined) refuse('userId belongs to agent and server keys: leave it out.');
    if (form !== undefined) refuse('form belongs to agent and server keys: leave it out.');
    const given = change.key !== undefined;
    const key = change.key === undefined ? newKey() : givenKey(change.key);
    if (given && common.trusted) refuse(NOT_TRUSTED);
    const id = draft.create('appKey', { ...common, ...NO_SECRETS, key, given, userId: null });
    draft.note('key.create', `appKey:${id}`, { kind, key, name: common.name, given });
    return { id, secrets: { notice: given ? NO_SECRET_GIVEN : NO_SECRET } };
  }
  if (change.key !== undefined) {
    refuse(
      `key can be given for visitors' keys only: a key of kind ${kind} acts for a user, so key and secrets are made here. Leave it out.`,
    );
  }
  if (userId === undefined) return refuse('userId is required: the user that the key acts for.');
  if (common.trusted) refuse('trusted belongs to visitor keys: leave it out.');
  if (box === null) throw new Error('a key with secrets needs a box to keep them in');
  const made = newBotKeySecrets(form ?? (kind === 'server' ? 'client' : 'tokens'));
  const kept = keptSecrets(box, draft.before.accountId, made);
  const id = draft.create('appKey', { ...common, ...kept, userId });
  draft.note('key.create', `appKey:${id}`, { kind, key: made.appKey, user: `user:${userId}` });
  return { id, secrets: secretsOf(made) };
}

const NOT_TRUSTED =
  'A key whose value is given may be known to others, so it cannot be trusted to name visitors’ addresses: leave key out, and a new one is made.';

/** @throws WireError unless it can stand wherever keys stand. */
function givenKey(value: string): string {
  const key = value.trim();
  if (GIVEN_KEY.test(key)) return key;
  return refuse(
    `key "${key.slice(0, 40)}" must be 8 to 128 of A-Z a-z 0-9 . _ ~ - and begin with a letter or digit.`,
  );
}

/** Changes name, origins and trust; what a key is and whom it acts for stays. */
export function alterAppKey(draft: Draft, id: number, change: AppKeyChange): void {
  const key = draft.require('appKey', id);
  const { kind, userId, form } = change;
  const fixed = omitUndefined({ kind, userId, form, key: change.key });
  const now = { kind: key.kind, userId: key.userId, form: formOf(key), key: key.key };
  for (const [field, value] of Object.entries(fixed)) {
    if (Reflect.get(now, field) !== value) {
      refuse(`${field} of a key cannot be changed: make another key and revoke this one.`);
    }
  }
  if (change.trusted && key.kind !== 'visitor') {
    refuse('trusted belongs to visitor keys: leave it out.');
  }
  if (change.trusted && key.given) refuse(NOT_TRUSTED);
  const fields = { ...plainFields(change), ...omitUndefined({ trusted: change.trusted }) };
  const changed = draft.update('appKey', id, fields);
  if (Object.keys(changed).length > 0) draft.note('key.change', `appKey:${id}`, changed);
}

/** Gives a key new secrets; the old ones, and what was opened with them, are void at once. */
export function rotateAppKey(draft: Draft, box: SecretBox, id: number): MadeKey {
  const key = draft.require('appKey', id);
  if (key.kind === 'visitor') {
    throw new WireError(
      'conflict',
      `App key ${id} is for visitors and has no secret: make another key and revoke this one.`,
    );
  }
  const form: BotKeyForm = key.accessToken === null ? 'client' : 'tokens';
  const made = { ...newBotKeySecrets(form), appKey: key.key };
  draft.update('appKey', id, keptSecrets(box, draft.before.accountId, made));
  signOutUserOf(draft, key);
  draft.note('key.rotate', `appKey:${id}`, { key: key.key });
  return { id, secrets: secretsOf(made) };
}

/** Ends a key, and what was opened with it. */
export function removeAppKey(draft: Draft, id: number): void {
  const key = draft.require('appKey', id);
  draft.remove('appKey', id, NO_SECRETS);
  signOutUserOf(draft, key);
  draft.note('key.revoke', `appKey:${id}`, { key: key.key });
}

/** Logins do not say which key they were made with: all of its user's end. */
function signOutUserOf(draft: Draft, { userId }: Stored<'appKey'>): void {
  if (userId === null || !draft.records.user.has(userId)) return;
  const user = draft.require('user', userId);
  draft.update('user', userId, { signedOutAt: timeOfSignOut(user, draft.now) });
}

function plainFields({ name, origins }: AppKeyChange) {
  return omitUndefined({
    name: name === undefined ? undefined : printable('name', name, MAX_NAME),
    origins: origins === undefined ? undefined : originsOf('origins', origins, 'refused'),
  });
}

function secretsOf({
  secret,
  accessToken,
  accessTokenSecret,
}: ReturnType<typeof newBotKeySecrets>): NewSecrets {
  return {
    secret,
    ...omitUndefined({
      accessToken: accessToken ?? undefined,
      accessTokenSecret: accessTokenSecret ?? undefined,
    }),
  };
}
