/** Connections to identity providers of visitors: how they are serialized, made, changed and deleted. */
import { requireAdministrator } from './call.js';
import { placeOfClientSecret } from '@parley/configuration/secrets/client-secrets';
import {
  type ConfiguredIdentity,
  type IdentityChange,
  visitorIdentitiesDocument,
  visitorIdentityChangeDocument,
  visitorIdentityDocument,
} from '@parley/protocol';
import type { SecretBox } from '@parley/configuration/secrets/secret-box';
import type {
  AccountConfiguration,
  Stored,
  VisitorIdentityRecord,
} from '@parley/configuration/records/records';
import { publicKeyPem } from '../identity/key.js';
import type { Collection } from './collection.js';
import type { Draft, RecordState } from '@parley/configuration/changes/draft';
import { omitUndefined, nameOf, printable, refuse } from '@parley/configuration/changes/fields';

/** Where the original sends browsers back to when nothing else is said. */
const DEFAULT_REDIRECT_URI = 'https://liveperson.net';

const MAX_TEXT = 2_000;

/** @param box keeps client secrets */
export function visitorIdentityCollection(
  box: SecretBox,
): Collection<'visitorIdentity', ConfiguredIdentity, IdentityChange> {
  return {
    kind: 'visitorIdentity',
    what: 'connection',
    path: 'visitor-identity',
    one: visitorIdentityDocument,
    many: visitorIdentitiesDocument,
    change: visitorIdentityChangeDocument,
    serialize: serializeIdentity,
    // What keys a brand's visitors are known by is nobody's business but its administrators'.
    checkReach: (call) => requireAdministrator(call),
    shows: () => true,
    add: (draft, change) => addIdentity(draft, box, change),
    alter: (draft, id, change) => alterIdentity(draft, box, id, change),
    remove: removeIdentity,
  };
}

function serializeIdentity(
  connection: Stored<'visitorIdentity'>,
  _setup: AccountConfiguration,
  state: RecordState,
): ConfiguredIdentity {
  const { id, name, kind, enabled, issuer, audience, publicKey, jwksUrl } = connection;
  const { tokenEndpoint, clientId, redirectUri, sealedClientSecret } = connection;
  return {
    id,
    deleted: state === 'deleted',
    name,
    kind,
    isEnabled: enabled,
    issuer,
    audience,
    publicKey,
    jwksUrl,
    ...(kind === 'code'
      ? { tokenEndpoint, clientId, redirectUri, hasClientSecret: sealedClientSecret !== null }
      : {}),
  };
}

function addIdentity(draft: Draft, box: SecretBox, change: IdentityChange): number {
  const { kind } = change;
  const name = nameOf('name', change.name);
  if (kind === undefined) return refuse('kind is required: jwt or code.');
  const record = {
    enabled: true,
    issuer: '',
    audience: '',
    publicKey: '',
    jwksUrl: '',
    tokenEndpoint: '',
    clientId: '',
    sealedClientSecret: null,
    redirectUri: kind === 'code' ? DEFAULT_REDIRECT_URI : '',
    ...fieldsOf(change),
    name,
    kind,
  };
  const id = draft.create('visitorIdentity', record);
  keepSecret(draft, box, id, change.clientSecret);
  checkWholeConnection(draft.require('visitorIdentity', id));
  draft.note('visitorIdentity.create', `visitorIdentity:${id}`, { name, kind });
  return id;
}

function alterIdentity(draft: Draft, box: SecretBox, id: number, change: IdentityChange): void {
  const before = draft.require('visitorIdentity', id);
  if (change.kind !== undefined && change.kind !== before.kind) {
    refuse('kind of a connection cannot be changed: make another one and delete this.');
  }
  const fields = fieldsOf(change);
  const changed = { ...draft.update('visitorIdentity', id, fields) };
  // A secret is for whom it was given: it is not sent to another host, nor in another's name.
  const moved = ['tokenEndpoint', 'clientId'].some((field) => field in changed);
  if (moved) draft.update('visitorIdentity', id, { sealedClientSecret: null });
  keepSecret(draft, box, id, change.clientSecret);
  checkWholeConnection(draft.require('visitorIdentity', id));
  const secret = change.clientSecret ? { clientSecret: '(changed)' } : {};
  const detail = { ...changed, ...secret };
  if (Object.keys(detail).length > 0) {
    draft.note('visitorIdentity.change', `visitorIdentity:${id}`, detail);
  }
}

function removeIdentity(draft: Draft, id: number): void {
  const { name } = draft.require('visitorIdentity', id);
  draft.remove('visitorIdentity', id, { sealedClientSecret: null });
  draft.note('visitorIdentity.delete', `visitorIdentity:${id}`, { name });
}

/** Forms send all their fields: an empty secret is none that was given. */
function keepSecret(draft: Draft, box: SecretBox, id: number, secret: string | undefined): void {
  if (!secret) return;
  const sealed = box.seal(secret, placeOfClientSecret(draft.before.accountId, id));
  draft.update('visitorIdentity', id, { sealedClientSecret: sealed });
}

function fieldsOf(change: IdentityChange): Partial<VisitorIdentityRecord> {
  const line = (field: 'issuer' | 'audience' | 'clientId') => {
    const value = change[field];
    return value === undefined ? undefined : printable(field, value, MAX_TEXT);
  };
  const url = (field: 'jwksUrl' | 'tokenEndpoint' | 'redirectUri') => {
    const value = change[field];
    return value === undefined ? undefined : urlOf(field, value);
  };
  return omitUndefined({
    name: change.name === undefined ? undefined : nameOf('name', change.name),
    enabled: change.isEnabled,
    issuer: line('issuer'),
    audience: line('audience'),
    publicKey: change.publicKey === undefined ? undefined : keyOf(change.publicKey),
    jwksUrl: url('jwksUrl'),
    tokenEndpoint: url('tokenEndpoint'),
    clientId: line('clientId'),
    redirectUri: url('redirectUri'),
  });
}

function keyOf(text: string): string {
  if (text.trim() === '') return '';
  try {
    return publicKeyPem(text);
  } catch (error) {
    return refuse(`publicKey cannot be used: ${(error as Error).message}.`);
  }
}

/** As it is given, since identity providers compare some of them letter by letter. */
function urlOf(field: string, value: string): string {
  const text = value.trim();
  if (text === '') return text;
  const url = URL.canParse(text) ? new URL(text) : null;
  const plain = url !== null && /^https?:$/.test(url.protocol) && url.hash === '';
  if (plain && url.username === '' && url.password === '') return text;
  return refuse(`${field} must be an https URL without user name and fragment.`);
}

function checkWholeConnection(connection: VisitorIdentityRecord): void {
  const { kind, issuer, publicKey, jwksUrl, tokenEndpoint, clientId } = connection;
  if (issuer === '') refuse('issuer is required: what iss of the tokens is.');
  if ((publicKey === '') === (jwksUrl === '')) {
    refuse('Either publicKey or jwksUrl is required, and not both: empty the other one.');
  }
  const ofCode = { tokenEndpoint, clientId, redirectUri: connection.redirectUri };
  const { sealedClientSecret } = connection;
  if (kind === 'code') {
    for (const [field, value] of Object.entries(ofCode)) {
      if (value === '') refuse(`${field} is required for a connection of kind code.`);
    }
    if (sealedClientSecret === null) {
      refuse(
        'clientSecret is required for a connection of kind code, and whenever tokenEndpoint or clientId changes.',
      );
    }
    return;
  }
  const extra = Object.entries(ofCode).find(([, value]) => value !== '')?.[0];
  if (extra !== undefined) refuse(`${extra} belongs to connections of kind code: leave it out.`);
  if (sealedClientSecret !== null) {
    refuse('clientSecret belongs to connections of kind code: leave it out.');
  }
}
