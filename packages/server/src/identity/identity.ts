/** Finds out who a visitor is, with what an identity provider gave for it. */
import { randomUUID } from 'node:crypto';
import type { Actor, Participant } from '@parley/engine';
import { type ConversationRequest, WireError } from '@parley/protocol';
import type { Clock } from '@parley/runtime/clock/clock';
import type { LiveAccount } from '@parley/runtime/accounts/accounts';
import { CommandRejected } from '@parley/runtime/accounts/submission';
import type { SecretBox } from '@parley/configuration/secrets/secret-box';
import type { Stored } from '@parley/configuration/records/records';
import { clientSecretOf } from '@parley/configuration/secrets/client-secrets';
import type { FailureLog } from '../http/failure-log.js';
import { type Outgoing, OutgoingFailure } from '@parley/runtime/outgoing/request';
import { exchangeCode } from './exchange.js';
import { KeySets } from './key-sets.js';
import { profileOf } from './profile.js';
import { IdentityRefused, verifyToken } from './verify.js';

/** Codes of one account that are exchanged at once: visitors can make the server ask elsewhere. */
const MAX_EXCHANGES = 20;

/** Seconds to wait when an identity provider does not answer. */
const RETRY_SECONDS = '10';

export interface IdentityOptions {
  readonly outgoing: Outgoing;
  readonly clock: Clock;
  readonly secrets: SecretBox;
  readonly log: Pick<FailureLog['lines'], 'warn'>;
}

export class VisitorIdentity {
  readonly #options: IdentityOptions;
  readonly #keySets: KeySets;
  /** By account. */
  readonly #exchanging = new Map<string, number>();

  constructor(options: IdentityOptions) {
    this.#options = options;
    this.#keySets = new KeySets(options.outgoing, options.clock);
  }

  /**
   * Checks what the visitor brought, and keeps who they are until their chat.
   * @throws WireError 400 for a connection that there is not, 401 with the reason for a token or code
   *   that is not accepted, 429 and 503 when it cannot be found out now.
   */
  async identify(
    account: LiveAccount,
    request: ConversationRequest,
    actor: Actor,
  ): Promise<Pick<Participant, 'conversationId' | 'participantId'>> {
    const connection = connectionOf(account, request.authChatConnId);
    try {
      return await this.#identify(account, connection, request, actor);
    } catch (error) {
      throw this.#wireError(account, connection, error);
    }
  }

  async #identify(
    account: LiveAccount,
    connection: Stored<'visitorIdentity'>,
    { ssoKey, redirectUri, LETagVisitorId }: ConversationRequest,
    actor: Actor,
  ) {
    const { clock, secrets } = this.#options;
    const key = ssoKey.trim();
    const token =
      connection.kind === 'jwt' ? key : await this.#exchange(account, connection, key, redirectUri);
    const verified = await verifyToken(token, connection, this.#keySets, clock.now());
    const { claims, hash, until } = verified;
    const command = {
      type: 'participant.identify',
      participantId: uuidOf(
        secrets.stamp(`participant/${account.id}/${claims.iss}\n${claims.sub}`),
      ),
      connectorId: connection.id,
      visitorId: LETagVisitorId || null,
      tokenHash: hash,
      tokenUntil: until,
      profile: profileOf(claims),
    } as const;
    const newId = randomUUID();
    return account.host.execute<'participant.identify'>({ command, actor, newId });
  }

  async #exchange(
    { id: accountId }: LiveAccount,
    connection: Stored<'visitorIdentity'>,
    code: string,
    redirectUri: string | undefined,
  ): Promise<string> {
    const { outgoing, secrets } = this.#options;
    const secret = clientSecretOf(secrets, accountId, connection);
    if (secret === null) {
      throw new OutgoingFailure(
        new URL(connection.tokenEndpoint).host,
        'is not asked: the client secret was sealed with another secret key; give it again',
      );
    }
    const exchanging = this.#exchanging.get(accountId) ?? 0;
    if (exchanging >= MAX_EXCHANGES) throw unavailable('Too many codes are being exchanged.');
    this.#exchanging.set(accountId, exchanging + 1);
    try {
      return await exchangeCode(outgoing, connection, secret, { code, redirectUri });
    } finally {
      const left = (this.#exchanging.get(accountId) ?? 1) - 1;
      if (left > 0) this.#exchanging.set(accountId, left);
      else this.#exchanging.delete(accountId);
    }
  }

  /** The failure in the words of the wire. Operators learn what failed, visitors' pages only that. */
  #wireError(account: LiveAccount, { id }: Stored<'visitorIdentity'>, error: unknown): unknown {
    if (error instanceof IdentityRefused) {
      return refused(`The token is not accepted: ${error.message}.`);
    }
    if (error instanceof CommandRejected && error.rejection.rejected === 'token-replayed') {
      return refused('The token is not accepted: it was used before. Get a new one for each chat.');
    }
    if (!(error instanceof OutgoingFailure)) return error;
    this.#options.log.warn(
      { account: account.id, connection: id, reason: error.message },
      'an identity provider of visitors could not be asked',
    );
    return unavailable('The identity provider cannot be reached at the moment.');
  }
}

function refused(message: string): WireError {
  return new WireError('identityRefused', message, {
    'www-authenticate': 'Bearer error="invalid_token"',
  });
}

function unavailable(message: string): WireError {
  return new WireError('identityUnavailable', `${message} Try again in ${RETRY_SECONDS} seconds.`, {
    'retry-after': RETRY_SECONDS,
  });
}

/** The connections by which visitors can be authenticated now, the oldest first. */
export function connectionsOf({ setup }: LiveAccount): readonly Stored<'visitorIdentity'>[] {
  return [...setup.records.visitorIdentity.values()].filter(({ enabled }) => enabled);
}

/** @throws WireError 400 for one that there is not. */
function connectionOf(account: LiveAccount, id: number | undefined): Stored<'visitorIdentity'> {
  const all = connectionsOf(account);
  const found = id === undefined && all.length === 1 ? all[0] : all.find((each) => each.id === id);
  if (found !== undefined) return found;
  throw new WireError(
    'invalidField',
    id === undefined
      ? 'authChatConnId is required: the connectorId that the engagement answers.'
      : `authChatConnId ${id} is no connection that visitors can be authenticated by: use the connectorId that the engagement answers.`,
  );
}

/** 16 bytes as a UUID (RFC 9562, version 8). */
function uuidOf(bytes: Buffer): string {
  const hex = Buffer.from(bytes.subarray(0, 16));
  hex[6] = ((hex[6] ?? 0) & 0x0f) | 0x80;
  hex[8] = ((hex[8] ?? 0) & 0x3f) | 0x80;
  const text = hex.toString('hex');
  return [
    text.slice(0, 8),
    text.slice(8, 12),
    text.slice(12, 16),
    text.slice(16, 20),
    text.slice(20),
  ].join('-');
}
