/**
 * What a token says of somebody, as agents see it: standard claims, and the original API's
 * engagement attributes in `lp_sdes`, which fill what the claims leave open. What is of another type
 * than it should be, or longer than any name, is left out: the token is still good.
 */
import type { ParticipantProfile, PlainDay } from '@parley/engine';
import { knownFields } from '@parley/protocol';

const MAX_TEXT = 200;
const MAX_CONTACTS = 3;
const MAX_ATTRIBUTES = 50;

type Fields = Readonly<Record<string, unknown>>;

/** @param claims of a token that was checked */
export function profileOf(claims: Fields): ParticipantProfile {
  const attributes = attributesIn(claims['lp_sdes']);
  const info = attributes('ctmrinfo', 'info');
  const personal = attributes('personal', 'personal');
  const contacts = contactsOf(claims, personal['contacts']);
  return knownFields({
    customerId: text(claims['sub']),
    userName: text(claims['preferred_username']) ?? text(info['userName']),
    imei: text(claims['phone_number']) ?? text(info['imei']),
    customerStatus: text(info['cstatus']),
    customerType: text(info['ctype']),
    balance: number(info['balance']),
    socialId: text(info['socialId']),
    companySize: number(info['companySize']),
    accountName: text(info['accountName']),
    role: text(info['role']),
    registrationDate: day(info['registrationDate']),
    lastPaymentDate: day(info['lastPaymentDate']),
    name: text(claims['given_name']) ?? text(personal['firstname']),
    surname: text(claims['family_name']) ?? text(personal['lastname']),
    contacts: contacts.length === 0 ? undefined : contacts,
  });
}

/** The fields of the first attribute of a type, under the key that the type has. */
function attributesIn(value: unknown): (type: string, key: string) => Fields {
  const all = (Array.isArray(value) ? value : []).slice(0, MAX_ATTRIBUTES).map(fields);
  return (type, key) => fields(all.find((attribute) => attribute['type'] === type)?.[key]);
}

function contactsOf(claims: Fields, given: unknown): { email?: string; phone?: string }[] {
  const own = contact(claims['email'], claims['phone_number']);
  const others = (Array.isArray(given) ? given : [])
    .slice(0, MAX_CONTACTS)
    .map(fields)
    .map(({ email, phone }) => contact(email, phone));
  const seen = new Set<string>();
  return [own, ...others].filter((each) => {
    const key = JSON.stringify(each);
    if (Object.keys(each).length === 0 || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function contact(email: unknown, phone: unknown): { email?: string; phone?: string } {
  return knownFields({ email: text(email), phone: text(phone) });
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {};
}

function text(value: unknown): string | undefined {
  const found = typeof value === 'number' ? String(value) : value;
  if (typeof found !== 'string') return undefined;
  const trimmed = found.trim();
  return trimmed === '' || trimmed.length > MAX_TEXT ? undefined : trimmed;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function day(value: unknown): PlainDay | undefined {
  const { year, month, day: date } = fields(value);
  const whole = [year, month, date].every((part) => Number.isSafeInteger(part));
  return whole ? { year: Number(year), month: Number(month), day: Number(date) } : undefined;
}
