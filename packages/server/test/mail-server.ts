/** A real SMTP server for tests: takes mails, or refuses them as it is asked. */
import type { MailSettings } from '@parley/configuration/records/settings-record';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { makeCertificate } from '../src/tls/own-certificate.js';

/** A mail as it arrived. */
export interface Received {
  readonly from: string;
  readonly to: readonly string[];
  /** Header fields, unfolded, by name in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** The parts by content type. */
  readonly parts: ReadonlyMap<string, string>;
  readonly raw: string;
}

/** What the server answers to a recipient: a status to refuse with, or null to accept. */
export type Verdict = { readonly status: number; readonly words: string } | null;

/** Longer than any mail takes, ms. */
const PATIENCE_MS = 15_000;

export interface MailServerOptions {
  /** The only login that is let in; without one nobody need log in. */
  readonly login?: { readonly user: string; readonly password: string };
  /** Speaks TLS, with a certificate that nobody trusts. */
  readonly certificate?: 'unknown';
}

export class MailServer {
  readonly port: number;
  verdict: Verdict = null;
  readonly #server: SMTPServer;
  readonly #received: Received[];
  #waiting: (() => void)[] = [];
  /** How many times a mail was tried. */
  attempts = 0;

  private constructor(server: SMTPServer, received: Received[]) {
    this.#server = server;
    this.#received = received;
    this.port = (server.server.address() as AddressInfo).port;
  }

  static async start({ login, certificate }: MailServerOptions = {}): Promise<MailServer> {
    const received: Received[] = [];
    let mails: MailServer | undefined;
    const server = new SMTPServer({
      ...(certificate === undefined ? {} : { secure: true, ...(await unknownCertificate()) }),
      disabledCommands: ['STARTTLS', ...(login === undefined ? ['AUTH'] : [])],
      allowInsecureAuth: true,
      onAuth({ username, password }, _session, done) {
        if (username === login?.user && password === login?.password)
          done(null, { user: username });
        else done(new Error('wrong password'));
      },
      onRcptTo(_address, _session, done) {
        if (mails !== undefined) mails.attempts += 1;
        const verdict = mails?.verdict ?? null;
        mails?.wake();
        if (verdict === null) done();
        else done(Object.assign(new Error(verdict.words), { responseCode: verdict.status }));
      },
      onData(stream, session, done) {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope;
          received.push({
            from: mailFrom === false ? '' : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            ...parse(Buffer.concat(chunks).toString('latin1')),
          });
          done();
          mails?.wake();
        });
      },
    });
    server.on('error', () => {});
    server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    mails = new MailServer(server, received);
    return mails;
  }

  get received(): readonly Received[] {
    return this.#received;
  }

  /** Resolves when so many mails have arrived; gives the last of them. */
  async mail(count = 1): Promise<Received> {
    await this.#until(() => this.#received.length >= count);
    const mail = this.#received[count - 1];
    if (mail === undefined) throw new Error('no mail');
    return mail;
  }

  /** Resolves when a mail was tried so many times. */
  tried(count: number): Promise<void> {
    return this.#until(() => this.attempts >= count);
  }

  forget(): void {
    this.#received.length = 0;
    this.attempts = 0;
    this.verdict = null;
  }

  wake(): void {
    for (const waiter of this.#waiting.splice(0)) waiter();
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.#server.close(resolve));
  }

  async #until(holds: () => boolean): Promise<void> {
    const until = performance.now() + PATIENCE_MS;
    while (!holds()) {
      if (performance.now() > until) throw new Error('nothing came: no mail, no attempt at one');
      let late: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        late = setTimeout(resolve, PATIENCE_MS);
      });
      clearTimeout(late);
    }
  }
}

async function unknownCertificate() {
  const { cert, key } = await makeCertificate(['127.0.0.1'], Date.now());
  return { cert, key };
}

function parse(raw: string): Pick<Received, 'headers' | 'parts' | 'raw'> {
  const { headers, body } = split(raw);
  const boundary = /boundary="([^"]+)"/.exec(headers.get('content-type') ?? '')?.[1];
  const parts = new Map<string, string>();
  for (const part of boundary === undefined ? [] : body.split(`--${boundary}`).slice(1, -1)) {
    const inner = split(part.replace(/^\r\n/, ''));
    const type = (inner.headers.get('content-type') ?? '').split(';', 1)[0] ?? '';
    parts.set(type, decode(inner.body, inner.headers.get('content-transfer-encoding') ?? ''));
  }
  return { headers, parts, raw };
}

function split(text: string) {
  const end = text.indexOf('\r\n\r\n');
  const lines = text
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  return { headers, body: text.slice(end + 4) };
}

function decode(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return Buffer.from(body, 'latin1').toString('utf8');
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** The account's settings for sending by this server. */
export function mailTo({ port }: MailServer, facts: Partial<MailSettings> = {}): MailSettings {
  const from = 'Example Shop <chat@shop.example.com>';
  return { host: '127.0.0.1', port, secure: false, user: '', password: '', from, ...facts };
}
