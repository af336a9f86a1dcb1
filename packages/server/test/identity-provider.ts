/**
 * An identity provider for tests: it signs tokens, and answers as OpenID Connect providers do, over
 * real HTTP on this machine.
 */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, type JWTPayload, SignJWT } from 'jose';

export type Algorithm = 'RS256' | 'ES256';

/** A key that tokens are signed with. */
export class SigningKey {
  readonly algorithm: Algorithm;
  readonly id: string;
  readonly #private: KeyObject;
  readonly #public: KeyObject;

  constructor(algorithm: Algorithm, id = 'key-1') {
    this.algorithm = algorithm;
    this.id = id;
    const { privateKey, publicKey } =
      algorithm === 'RS256'
        ? generateKeyPairSync('rsa', { modulusLength: 2_048 })
        : generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#private = privateKey;
    this.#public = publicKey;
  }

  /** PEM (SPKI). */
  get pem(): string {
    return this.#public.export({ type: 'spki', format: 'pem' }).toString();
  }

  get privatePem(): string {
    return this.#private.export({ type: 'pkcs8', format: 'pem' }).toString();
  }

  async jwk(): Promise<Record<string, unknown>> {
    return { ...(await exportJWK(this.#public)), kid: this.id, use: 'sig' };
  }

  /** A token; `kid` null leaves the key's id out. */
  sign(claims: JWTPayload, kid: string | null = this.id): Promise<string> {
    return new SignJWT(claims)
      .setProtectedHeader({ alg: this.algorithm, ...(kid === null ? {} : { kid }) })
      .sign(this.#private);
  }
}

export const ISSUER = 'https://idp.example.com/';

/** Claims of somebody at a moment, good for five minutes. */
export function claimsOf(sub: string, now: number, more: JWTPayload = {}): JWTPayload {
  const iat = Math.floor(now / 1000);
  return { iss: ISSUER, sub, iat, exp: iat + 300, ...more };
}

/** What was asked of the provider. */
export interface Asked {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly type: string | undefined;
  readonly form: URLSearchParams;
}

export class IdentityProvider {
  readonly #server: Server;
  /** The keys in its set. */
  keys: SigningKey[];
  /** Tokens by the code that they are given for, each once. */
  readonly codes = new Map<string, string>();
  /** Answers instead of its own, by path. */
  readonly instead = new Map<string, { readonly status: number; readonly body: string }>();
  asked: Asked[] = [];

  private constructor(server: Server, keys: SigningKey[]) {
    this.#server = server;
    this.keys = keys;
  }

  static async start(keys: SigningKey[]): Promise<IdentityProvider> {
    const server = createServer();
    const provider = new IdentityProvider(server, keys);
    server.on('request', (request: IncomingMessage, response) => {
      void provider.#answer(request).then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return provider;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: string }> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const path = request.url ?? '';
    const { authorization, 'content-type': type } = request.headers;
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    this.asked.push({ path, authorization, type, form });
    const instead = this.instead.get(path);
    if (instead !== undefined) return instead;
    if (path === '/jwks') {
      const keys = await Promise.all(this.keys.map((key) => key.jwk()));
      return { status: 200, body: JSON.stringify({ keys }) };
    }
    const code = form.get('code') ?? '';
    const token = this.codes.get(code);
    this.codes.delete(code);
    return token === undefined
      ? { status: 400, body: '{"error":"invalid_grant"}' }
      : { status: 200, body: JSON.stringify({ id_token: token, token_type: 'Bearer' }) };
  }
}
