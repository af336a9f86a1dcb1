/** App keys: what pages, bots and servers identify themselves with. */
import { type AppKeyChange, type ConfiguredAppKey, formatTime, WireError } from '@parley/protocol';
import { type BotKeyForm, keptSecrets, newBotKeySecrets } from '../auth/app-key-secrets.js';
import type { SecretBox } from '../auth/secret-box.js';
import { newKey } from '../auth/tokens.js';
import type { AccountSetup, AppKeyRecord, Stored } from '../config/records.js';
import type { Draft } from './draft.js';
import { given, originsOf, printable, refuse } from './fields.js';
import { NO_SECRETS } from './users.js';

/** The secrets of a key, told when they are made and never again. */
export interface ToldSecrets {
  readonly secret?: string;
  readonly accessToken?: string;
  readonly accessTokenSecret?: string;
}

export interface MadeKey {
  readonly id: number;
  readonly secrets: ToldSecrets;
}

const LONGEST_NAME = 100;

export function tellAppKey(key: Stored<'appKey'>, setup: AccountSetup): ConfiguredAppKey {
  return {
    id: key.id,
    kind: key.kind,
    name: key.name,
    key: key.key,
    ...given({ userId: key.userId ?? undefined }),
    form: formOf(key),
    origins: [...key.origins],
    trusted: key.trusted,
    ...given({
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
    const key = newKey();
    const id = draft.create('appKey', { ...common, ...NO_SECRETS, key, userId: null });
    draft.note('key.create', `appKey:${id}`, { kind, key, name: common.name });
    return { id, secrets: {} };
  }
  if (userId === undefined) return refuse('userId is required: the user that the key acts for.');
  if (common.trusted) refuse('trusted belongs to visitor keys: leave it out.');
  if (box === null) throw new Error('a key with secrets needs a box to keep them in');
  const made = newBotKeySecrets(form ?? (kind === 'server' ? 'client' : 'tokens'));
  const kept = keptSecrets(box, draft.before.accountId, made);
  const id = draft.create('appKey', { ...common, ...kept, userId });
  draft.note('key.create', `appKey:${id}`, { kind, key: made.appKey, user: `user:${userId}` });
  return { id, secrets: toldSecrets(made) };
}

/** Changes name, origins and trust; what a key is and whom it acts for stays. */
export function alterAppKey(draft: Draft, id: number, change: AppKeyChange): void {
  const key = draft.must('appKey', id);
  const fixed = given({ kind: change.kind, userId: change.userId, form: change.form });
  const now = { kind: key.kind, userId: key.userId, form: formOf(key) };
  for (const [field, value] of Object.entries(fixed)) {
    if (Reflect.get(now, field) !== value) {
      refuse(`${field} of a key cannot be changed: make another key and revoke this one.`);
    }
  }
  if (change.trusted && key.kind !== 'visitor') {
    refuse('trusted belongs to visitor keys: leave it out.');
  }
  const fields = { ...plainFields(change), ...given({ trusted: change.trusted }) };
  const changed = draft.update('appKey', id, fields);
  if (Object.keys(changed).length > 0) draft.note('key.change', `appKey:${id}`, changed);
}

/** Gives a key new secrets; the old ones, and what was opened with them, are void at once. */
export function rotateAppKey(draft: Draft, box: SecretBox, id: number): MadeKey {
  const key = draft.must('appKey', id);
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
  return { id, secrets: toldSecrets(made) };
}

/** Ends a key, and what was opened with it. */
export function removeAppKey(draft: Draft, id: number): void {
  const key = draft.must('appKey', id);
  draft.remove('appKey', id, NO_SECRETS);
  signOutUserOf(draft, key);
  draft.note('key.revoke', `appKey:${id}`, { key: key.key });
}

/** Logins do not say which key they were made with: all of its user's end. */
function signOutUserOf(draft: Draft, { userId }: Stored<'appKey'>): void {
  if (userId === null || !draft.records.user.has(userId)) return;
  draft.update('user', userId, { signedOutAt: draft.now });
}

function plainFields({ name, origins }: AppKeyChange) {
  return given({
    name: name === undefined ? undefined : printable('name', name, LONGEST_NAME),
    origins: origins === undefined ? undefined : originsOf('origins', origins, 'refused'),
  });
}

function toldSecrets({
  secret,
  accessToken,
  accessTokenSecret,
}: ReturnType<typeof newBotKeySecrets>): ToldSecrets {
  return {
    secret,
    ...given({
      accessToken: accessToken ?? undefined,
      accessTokenSecret: accessTokenSecret ?? undefined,
    }),
  };
}
