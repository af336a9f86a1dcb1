/** Hands a mail to the account's mail server, in one SMTP conversation. */
import { isIP } from 'node:net';
import type { MailSettings } from '@parley/configuration/records/settings-record';
import { isLoopback } from '../outgoing/loopback.js';
import type { Transcript } from './compose.js';
import { reasonWithout } from './reason.js';

/** A mail to one address. */
export interface Mail extends Transcript {
  readonly to: string;
  /** Stays the same when it is tried again, so that a mail that came twice is known to be one. */
  readonly id: string;
}

/** What the mail server said: a refusal for good is not tried again. */
export type DeliveryResult =
  | { readonly outcome: 'accepted' }
  | { readonly outcome: 'refused' | 'not-now'; readonly reason: string };

/** A mail server that says nothing for so long is given up, ms. */
const PATIENCE_MS = 20_000;

/** Addresses of one mail server that are tried, at most. */
const MAX_ADDRESSES = 3;

/** Finds where a mail server may be connected to. @throws Error saying why nowhere. */
export type FindHost = (host: string) => Promise<readonly string[]>;

/**
 * Tries the mail server's addresses in turn, until one of them answers. Never throws.
 * @param find looks the host up, once for this mail: the connection goes to what it found
 */
export async function sendMail(
  settings: MailSettings,
  mail: Mail,
  find: FindHost,
): Promise<DeliveryResult> {
  try {
    let delivery: DeliveryResult & { readonly connected: boolean } = NOWHERE;
    for (const address of (await find(settings.host)).slice(0, MAX_ADDRESSES)) {
      delivery = await sendTo(address, settings, mail);
      if (delivery.connected) break;
    }
    const { connected: _, ...rest } = delivery;
    return await withoutContent(rest, mail);
  } catch (error) {
    return withoutContent(failureOf(error), mail);
  }
}

/** What a mail server says of a mail may quote it, and is kept and logged without that. */
async function withoutContent(delivery: DeliveryResult, mail: Mail): Promise<DeliveryResult> {
  if (delivery.outcome === 'accepted') return delivery;
  const content = [mail.to, mail.subject, mail.text];
  return { ...delivery, reason: await reasonWithout(delivery.reason, content) };
}

const NOWHERE = {
  outcome: 'not-now',
  reason: 'the mail server has no address',
  connected: false,
} as const;

async function sendTo(
  address: string,
  settings: MailSettings,
  mail: Mail,
): Promise<DeliveryResult & { readonly connected: boolean }> {
  const { host, port, secure, user, password, from } = settings;
  // Loaded only here: most servers start without sending a mail.
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    host: address,
    port,
    // The certificate is that of the name.
    ...(isIP(host) === 0 ? { tls: { servername: host } } : {}),
    secure,
    // A password is shown to nobody on the way: without TLS it is not sent.
    requireTLS: user !== '' && !isLoopback(host),
    ...(user === '' ? {} : { auth: { user, pass: password } }),
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({
      from,
      // As an address of its own it is never read as a list of them.
      to: { name: '', address: mail.to },
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      messageId: `<${mail.id}@${domainOf(from)}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
    return { outcome: 'accepted', connected: true };
  } catch (error) {
    return { ...failureOf(error), connected: !neverConnected(error) };
  } finally {
    transport.close();
  }
}

/**
 * Whether there was nobody at the address. A conversation that broke off later is none of another
 * address: the mail may have been taken.
 */
function neverConnected(error: unknown): boolean {
  return (
    textIn(error, 'syscall') === 'connect' || textIn(error, 'timeoutType') === 'CONNECT_TIMEOUT'
  );
}

function domainOf(from: string): string {
  return /@([A-Za-z0-9.-]+)/.exec(from)?.[1] ?? 'localhost';
}

/**
 * A 5xx answer to the mail itself is final. A refused login is not: whoever set the mail server may
 * set it right.
 */
function failureOf(error: unknown): DeliveryResult {
  const reason = error instanceof Error ? error.message : String(error);
  const code = numberIn(error, 'responseCode');
  const refused = code >= 500 && textIn(error, 'code') !== 'EAUTH';
  return { outcome: refused ? 'refused' : 'not-now', reason };
}

function numberIn(error: unknown, field: string): number {
  const value: unknown = error instanceof Error ? Reflect.get(error, field) : undefined;
  return typeof value === 'number' ? value : 0;
}

function textIn(error: unknown, field: string): string {
  const value: unknown = error instanceof Error ? Reflect.get(error, field) : undefined;
  return typeof value === 'string' ? value : '';
}
