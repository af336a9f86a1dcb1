/** A server with an identity provider beside it, for tests of authenticated visitors. */
import type { JWTPayload } from 'jose';
import { Fixture } from './chat-fixture.js';
import { ConfigurationFixture, type ApiRecord } from './configuration-fixture.js';
import type { Reply } from './harness.js';
import { claimsOf, IdentityProvider, ISSUER, SigningKey } from './identity-provider.js';

export const CONNECTIONS = '/configuration/visitor-identity';
/** Of the connections by code. */
export const SECRET = 'a secret: of & the client';

type Fields = Readonly<Record<string, unknown>>;

/** What a conversation answers. */
export interface Ids {
  readonly conversationId: string;
  readonly participantId: string;
}

export class IdentityFixture {
  readonly fixture: Fixture;
  readonly admin: ConfigurationFixture;
  readonly provider: IdentityProvider;
  /** The provider's key. */
  readonly rsa: SigningKey;
  #made = 0;

  private constructor(fixture: Fixture, provider: IdentityProvider, rsa: SigningKey) {
    this.fixture = fixture;
    this.admin = new ConfigurationFixture(fixture);
    this.provider = provider;
    this.rsa = rsa;
  }

  static async start(): Promise<IdentityFixture> {
    const rsa = new SigningKey('RS256');
    const provider = await IdentityProvider.start([rsa]);
    const fixture = await Fixture.start({
      outgoingAllow: ['127.0.0.1'],
      visitors: { identitiesPerSecond: 1 },
    });
    return new IdentityFixture(fixture, provider, rsa);
  }

  async stop(): Promise<void> {
    this.provider.stop();
    await this.fixture.stop();
  }

  /** Before each test: nothing was asked, and what is counted by time begins anew. */
  renew(): void {
    this.provider.asked = [];
    this.provider.instead.clear();
    this.provider.keys = [this.rsa];
    this.fixture.clock.advance(60_000);
  }

  /** A name that nothing has yet. */
  fresh(): string {
    this.#made += 1;
    return `Connection ${this.#made}`;
  }

  /** A connection with the provider's key, unless said otherwise. */
  connect(more: Fields = {}): Promise<ApiRecord> {
    return this.admin.require('POST', CONNECTIONS, {
      name: this.fresh(),
      kind: 'jwt',
      issuer: ISSUER,
      publicKey: this.rsa.pem,
      ...more,
    });
  }

  connectByKeySet(more: Fields = {}): Promise<ApiRecord> {
    return this.connect({ publicKey: '', jwksUrl: `${this.provider.url}/jwks`, ...more });
  }

  connectByCode(more: Fields = {}): Promise<ApiRecord> {
    return this.connectByKeySet({
      kind: 'code',
      tokenEndpoint: `${this.provider.url}/token`,
      clientId: 'parley client',
      clientSecret: SECRET,
      ...more,
    });
  }

  identify(authChatConnId: unknown, ssoKey: string, more: object = {}): Promise<Reply> {
    const body = { authChatConnId, ssoKey, ...more };
    return this.fixture.visit('POST', '/conversation.json?v=1&NC=true', { body });
  }

  /** Claims of somebody, now. */
  now(sub: string, more: JWTPayload = {}): JWTPayload {
    return claimsOf(sub, this.fixture.clock.now(), more);
  }

  /** The ids of somebody whose token must be taken. */
  async identified(connection: number, claims: JWTPayload): Promise<Ids> {
    const reply = await this.identify(connection, await this.rsa.sign(claims));
    if (reply.status !== 201) throw new Error(reply.text);
    return reply.body as Ids;
  }
}
