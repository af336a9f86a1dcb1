/** A login at a running server, for commands that ask it. */
import { readFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { CommandFailure } from './command-failure.js';

/** Where a server is that listens as it does by default. */
export const DEFAULT_SERVER = 'https://localhost:8443';

/** How long an answer is waited for, ms. */
const PATIENCE_MS = 30_000;

export interface SessionOptions {
  /** `https://host:port` */
  readonly server: string;
  readonly account: string;
  readonly user: string;
  readonly password: string;
  /** The certificate authority to trust, beside those of the machine. */
  readonly ca: { readonly file: string } | { readonly ifThere: string };
}

export interface ServerSession {
  /**
   * Calls a resource of the account and answers with its JSON.
   * @throws CommandFailure in the server's own words when it refuses.
   */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Logs out. */
  close(): Promise<void>;
}

/** @throws CommandFailure when the server cannot be reached or refuses the login. */
export async function openServerSession(options: SessionOptions): Promise<ServerSession> {
  const { server, account, user, password } = options;
  const url = URL.canParse(server) ? new URL(server) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.pathname !== '/') {
    throw new CommandFailure(
      `"${server}" is not the address of a server: give scheme, host and port, like https://localhost:8443.`,
    );
  }
  if (!/^\w{1,20}$/.test(account)) {
    throw new CommandFailure(`"${account}" cannot be an account id: 1 to 20 of A-Z a-z 0-9 _.`);
  }
  const ca = await readCa(options.ca);
  const base = `${url.origin}/api/account/${account}`;
  const send = (method: string, path: string, body?: unknown, bearer?: string) =>
    exchange(`${base}${path}`, method, body, bearer, ca);
  const login = (await send('POST', '/login?v=1.3', { username: user, password })) as {
    readonly bearer: string;
    readonly csrf: string;
  };
  return {
    call: (method, path, body) => send(method, path, body, login.bearer),
    close: async () => {
      // The command has done its work: a login that cannot be ended now expires by itself.
      await send('POST', '/logout', { csrf: login.csrf }, login.bearer).catch(() => {});
    },
  };
}

async function readCa(from: SessionOptions['ca']): Promise<string | undefined> {
  if ('ifThere' in from) return readFile(from.ifThere, 'utf8').catch(() => undefined);
  try {
    return await readFile(from.file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new CommandFailure(
      `The certificate file ${from.file} cannot be read (${code}): check --ca.`,
    );
  }
}

function exchange(
  target: string,
  method: string,
  body: unknown,
  bearer: string | undefined,
  ca: string | undefined,
): Promise<unknown> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers: Record<string, string> = { accept: 'application/json' };
  if (text !== undefined) {
    headers['content-type'] = 'application/json';
    headers['content-length'] = String(Buffer.byteLength(text));
  }
  if (bearer !== undefined) headers['authorization'] = `Bearer ${bearer}`;
  const { origin } = new URL(target);
  return new Promise((resolve, reject) => {
    const options = { method, headers, timeout: PATIENCE_MS };
    const request = target.startsWith('https:')
      ? httpsRequest(target, ca === undefined ? options : { ...options, ca })
      : httpRequest(target, options);
    request.on('timeout', () => request.destroy(new Error('no answer within 30 seconds')));
    request.on('error', (error) => {
      reject(
        new CommandFailure(
          `The server at ${origin} cannot be reached (${error.message}): is it running, is --server its address, and --ca its certificate authority?`,
        ),
      );
    });
    request.on('response', (response) => {
      let answer = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        answer += chunk;
      });
      response.on('error', reject);
      response.on('end', () => {
        const status = response.statusCode ?? 0;
        const body = parsed(answer);
        if (status < 300) resolve(body);
        else reject(new CommandFailure(`The server refused (${status}): ${messageOf(body)}`));
      });
    });
    request.end(text);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function messageOf(body: unknown): string {
  const error = typeof body === 'object' && body !== null ? Reflect.get(body, 'error') : undefined;
  const message =
    typeof error === 'object' && error !== null ? Reflect.get(error, 'message') : undefined;
  return typeof message === 'string' ? message : 'its answer is none of a Parley server.';
}
