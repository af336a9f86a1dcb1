/** The account's mail server, as it is set. */
import { isIP } from 'node:net';
import type { DocumentValue, settingsChangeDocument } from '@parley/protocol';
import type { MailSettings } from '../records/settings-record.js';
import type { OutgoingAddresses } from '../outgoing-addresses.js';
import { emailOf, printable, refuse } from './fields.js';

type SettingsChange = DocumentValue<typeof settingsChangeDocument>;

const DEFAULT_MAIL_PORTS = { encrypted: 465, plain: 587 };

const SENDER = /^(?:[^<>\r\n"]{1,200}<([^<>\s]{3,320})>|([^<>\s]{3,320}))$/;

/**
 * The mail server that a change leads to; null for none. What is not connected to when there is mail to
 * send is refused here, as far as it can be known: a name is looked up only then, and may mean another
 * address by then.
 * @throws WireError naming the field, the value and the rule.
 */
export function mailOf(
  change: NonNullable<SettingsChange['mail']>,
  before: MailSettings | null,
  outgoing: OutgoingAddresses,
): MailSettings | null {
  const host =
    change.host === undefined ? (before?.host ?? '') : hostOf(change.host.trim(), outgoing);
  if (host === '') return null;
  const secure = change.secure ?? before?.secure ?? false;
  const port = secure ? DEFAULT_MAIL_PORTS.encrypted : DEFAULT_MAIL_PORTS.plain;
  const user = printable('mail.user', change.user ?? before?.user ?? '', 320);
  const from = printable('mail.from', change.from ?? before?.from ?? '', 320);
  const [, inBrackets, alone] = SENDER.exec(from) ?? [];
  const address = inBrackets ?? alone ?? '';
  if (address === '') {
    refuse(
      `mail.from "${from.slice(0, 80)}" is no sender: write a@b.example or Name <a@b.example>.`,
    );
  }
  emailOf('mail.from', address);
  // A password is for the server it was given for: another one would be sent it otherwise.
  const same = before !== null && before.host === host && before.user === user;
  const password = change.password ?? (same ? before.password : '');
  return { host, port: change.port ?? (same ? before.port : port), secure, user, password, from };
}

const MAX_HOST = 253;

/** A name has labels of letters, digits, hyphens and underscores, joined by single dots. */
const NAME =
  /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/i;

/** @throws WireError for what is no host, and for an address that is not connected to. */
function hostOf(host: string, outgoing: OutgoingAddresses): string {
  if (host === '') return host;
  if (isIP(host) !== 6 && (host.length > MAX_HOST || !NAME.test(host) || !isHost(host))) {
    refuse(
      `mail.host "${host.slice(0, 80)}" is no host name or address: write mail.example.com or 192.0.2.1, and the port as mail.port.`,
    );
  }
  const address = addressOf(host);
  if (address === null) return host;
  const why = outgoing.refuses(address, 'private');
  if (why === null) return address;
  refuse(
    `mail.host "${host}" is ${why}, which Parley does not connect to: name your mail server, or ask the operator to allow it (--outgoing-allow).`,
  );
}

/** Whether it can be looked up: what ends in a number must be an address. */
function isHost(host: string): boolean {
  return URL.canParse(`http://${host}/`);
}

/** The address that a host is by itself, also as a number (`0x7f.1` is 127.0.0.1); null for a name. */
function addressOf(host: string): string | null {
  if (isIP(host) !== 0) return host;
  const { hostname } = new URL(`http://${host}/`);
  return isIP(hostname) === 0 ? null : hostname;
}
