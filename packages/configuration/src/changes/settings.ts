/** The account's settings: serialized with their defaults, changed field by field. */
import {
  type ConfiguredSettings,
  isTimeZone,
  quoted,
  type SettingsChange,
  SYSTEM_MESSAGE_IDS,
  WEEKDAYS,
} from '@parley/protocol';
import type { OpeningHours, OpenSpan, Settings, SystemMessageId } from '@parley/engine';
import type { AccountConfiguration, SettingsRecord } from '../records/records.js';
import type { MailSettings } from '../records/settings-record.js';
import type { Draft } from './draft.js';
import type { OutgoingAddresses } from '../outgoing-addresses.js';
import { omitUndefined, languageOf, originsOf, refuse } from './fields.js';
import { checkApart, clockOf, spanOf, weekdayOf } from './hours.js';
import { mailOf } from './mail-settings.js';
import { workspacePagesOf } from './workspace-pages.js';

/** Every setting, also those that are not set; never the mail server's password. */
export function serializeSettings({ engine, settings }: AccountConfiguration): ConfiguredSettings {
  const { texts, openingHours, nobodyOnline, ...plain } = engine.settings;
  const { mail, retentionDays, passwordPolicy, visitorOrigins, agentOrigins } = settings;
  const { visitorPreview, workspacePages } = settings;
  return {
    ...plain,
    nobodyOnline: { ...nobodyOnline },
    texts: Object.entries(texts).flatMap(([language, own]) =>
      SYSTEM_MESSAGE_IDS.flatMap((systemMessageId) => {
        const text = own[systemMessageId];
        return text === undefined ? [] : [{ language, systemMessageId, text }];
      }),
    ),
    openingHours: serializeHours(openingHours),
    passwordPolicy: { ...passwordPolicy },
    visitorOrigins: [...visitorOrigins],
    agentOrigins: [...agentOrigins],
    workspacePages: workspacePages.map(({ title, url, skillIds, roles }) => ({
      title,
      url,
      skillIds: [...skillIds],
      roles: [...roles],
    })),
    retentionDays: retentionDays ?? 0,
    visitorPreview,
    mail: serializeMail(mail),
  };
}

function serializeMail(mail: MailSettings | null): NonNullable<ConfiguredSettings['mail']> {
  if (mail === null) return { host: '' };
  const { host, port, secure, user, from } = mail;
  return { host, port, secure, user, from };
}

function serializeHours(
  hours: OpeningHours | null,
): NonNullable<ConfiguredSettings['openingHours']> {
  const { days, holidays } = hours ?? { days: [], holidays: [] };
  return {
    days: days.map(({ weekday, from, to }) => ({
      weekday: WEEKDAYS[weekday - 1] ?? 'Monday',
      from: clockOf(from),
      to: clockOf(to),
    })),
    holidays: holidays.flatMap(({ date, spans }) =>
      spans.length === 0
        ? [{ date }]
        : spans.map(({ from, to }) => ({ date, from: clockOf(from), to: clockOf(to) })),
    ),
  };
}

/**
 * Changes the settings given and leaves the others; each given one is replaced whole, but for
 * `nobodyOnline` and `mail`, of which fields left out stay.
 * @param outgoing what may be connected to
 * @throws WireError naming the field, the value and the rule.
 */
export function alterSettings(
  draft: Draft,
  change: SettingsChange,
  outgoing: OutgoingAddresses,
): void {
  const setup = draft.before;
  const { texts, openingHours, passwordPolicy, retentionDays, workspacePages, ...rest } = change;
  const { timeZone, language, visitorOrigins, agentOrigins, nobodyOnline, mail, ...seconds } = rest;
  const fields: SettingsRecord = {
    ...omitUndefined(seconds),
    ...omitUndefined({
      timeZone: timeZone === undefined ? undefined : timeZoneOf(timeZone),
      language: language === undefined ? undefined : languageOf('language', language, 'refused'),
      texts: texts === undefined ? undefined : textsOf(texts),
      openingHours: openingHours === undefined ? undefined : hoursOf(openingHours),
      visitorOrigins:
        visitorOrigins === undefined
          ? undefined
          : originsOf('visitorOrigins', visitorOrigins, 'allowed'),
      agentOrigins:
        agentOrigins === undefined ? undefined : originsOf('agentOrigins', agentOrigins, 'refused'),
      workspacePages:
        workspacePages === undefined ? undefined : workspacePagesOf(draft, workspacePages),
      nobodyOnline:
        nobodyOnline === undefined
          ? undefined
          : { ...setup.engine.settings.nobodyOnline, ...omitUndefined(nobodyOnline) },
      passwordPolicy:
        passwordPolicy === undefined
          ? undefined
          : { ...setup.settings.passwordPolicy, ...omitUndefined(passwordPolicy) },
      retentionDays: retentionDays === undefined ? undefined : retentionDays || null,
      mail: mail === undefined ? undefined : mailOf(mail, setup.settings.mail, outgoing),
    }),
  };
  const changed = store(draft, fields);
  if (Object.keys(changed).length > 0) draft.note('settings.change', 'settings', loggable(changed));
}

/** There is one record of settings, made when the first one is set; answers what differs. */
function store(draft: Draft, fields: SettingsRecord): Readonly<Record<string, unknown>> {
  const [stored] = draft.records.settings.values();
  if (stored !== undefined) return draft.update('settings', stored.id, fields);
  draft.create('settings', fields);
  return { ...fields };
}

/** For the audit: without the mail server's password. */
function loggable(changed: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { mail, ...rest } = changed as SettingsRecord & Record<string, unknown>;
  if (mail === undefined) return rest;
  return { ...rest, mail: mail === null ? null : serializeMail(mail) };
}

function timeZoneOf(value: string): string {
  const zone = value.trim();
  if (isTimeZone(zone)) return zone;
  return refuse(
    `timeZone "${value.slice(0, 64)}" is none: write an IANA name such as Europe/Athens.`,
  );
}

function textsOf(texts: NonNullable<SettingsChange['texts']>): Settings['texts'] {
  const byLanguage: Record<string, Partial<Record<SystemMessageId, string>>> = {};
  for (const [index, { language, systemMessageId, text }] of texts.entries()) {
    const tag = languageOf(`texts[${index}].language`, language, 'refused');
    const own = byLanguage[tag] ?? {};
    if (own[systemMessageId] !== undefined) {
      refuse(`texts holds message ${systemMessageId} of ${tag} twice: give it once.`);
    }
    // An empty text is the way back to the built-in one.
    if (text.trim() !== '') own[systemMessageId] = text.trim();
    byLanguage[tag] = own;
  }
  return byLanguage;
}

/** Null when the hours say nothing: then the account is always open. */
function hoursOf(hours: NonNullable<SettingsChange['openingHours']>): OpeningHours | null {
  const days = (hours.days ?? []).map(({ weekday, from, to }, index) => ({
    weekday: weekdayOf(weekday),
    ...spanOf(`openingHours.days[${index}]`, from, to),
  }));
  for (const weekday of new Set(days.map((day) => day.weekday))) {
    const name = WEEKDAYS[weekday - 1] ?? '';
    checkApart(
      name,
      days.filter((day) => day.weekday === weekday),
    );
  }
  const spans = new Map<string, OpenSpan[]>();
  for (const [index, { date, from, to }] of (hours.holidays ?? []).entries()) {
    const at = `openingHours.holidays[${index}]`;
    checkDate(at, date);
    const others = spans.get(date) ?? [];
    spans.set(date, others);
    if (from !== undefined || to !== undefined) others.push(spanOf(at, from ?? '', to ?? ''));
    checkApart(date, others);
  }
  const holidays = [...spans]
    .map(([date, parts]) => ({ date, spans: parts }))
    .sort((a, b) => (a.date < b.date ? -1 : 1));
  return days.length === 0 && holidays.length === 0 ? null : { days, holidays };
}

function checkDate(at: string, date: string): void {
  const day = new Date(`${date}T00:00:00.000Z`);
  const real = /^\d{4}-\d\d-\d\d$/.test(date) && !Number.isNaN(day.getTime());
  if (real && day.toISOString().startsWith(date)) return;
  refuse(`${at}.date ${quoted(date, 40)} is no date: write yyyy-MM-dd.`);
}
