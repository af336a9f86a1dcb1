/** An account's settings as they are stored: what the engine needs, and what only the server does. */
import { DEFAULT_SETTINGS, type Role, type Settings } from '@parley/engine';

/** Where the account's mail is handed over. */
export interface MailSettings {
  readonly host: string;
  readonly port: number;
  /** `tls`: encrypted from the first byte; `starttls`: encrypted when the server offers it. */
  readonly secure: boolean;
  /** Empty: no login at the mail server. */
  readonly user: string;
  /** Never sent to anybody. */
  readonly password: string;
  /** Sender: `a@b.example` or `Name <a@b.example>`. */
  readonly from: string;
}

/** What the account asks of passwords beyond what every account does. */
export interface PasswordPolicy {
  /** Fewest characters. */
  readonly minLength: number;
}

/** A page of others that the workspace shows beside a chat. */
export interface WorkspacePage {
  readonly title: string;
  /** `https:`, or `http:` on this machine. */
  readonly url: string;
  /** Of the chats beside which it is shown; none for all. */
  readonly skillIds: readonly number[];
  /** Who sees it; none for everybody. */
  readonly roles: readonly Role[];
}

/** What the server needs besides the engine's settings. */
export interface ServerSettings {
  /** Origins of browsers that may use visitor resources; `*` any. */
  readonly visitorOrigins: readonly string[];
  /** Origins of browsers that may use the agent API. */
  readonly agentOrigins: readonly string[];
  readonly workspacePages: readonly WorkspacePage[];
  readonly passwordPolicy: PasswordPolicy;
  /** Days that the history of ended chats is meant to be kept for; null for ever. Nothing reads it yet. */
  readonly retentionDays: number | null;
  /** Whether agents may be shown what visitors are typing, where a visitor's client shows it. */
  readonly visitorPreview: boolean;
  /** Null when no mail can be sent. */
  readonly mail: MailSettings | null;
}

/** What is set is stored; everything else has its default. */
export interface SettingsRecord extends Partial<Settings>, Partial<ServerSettings> {
  /** When it was last changed, epoch ms. */
  readonly changedAt?: number;
}

export const DEFAULT_SERVER_SETTINGS: ServerSettings = {
  visitorOrigins: ['*'],
  agentOrigins: [],
  workspacePages: [],
  passwordPolicy: { minLength: 8 },
  retentionDays: null,
  visitorPreview: false,
  mail: null,
};

/** The engine's part of the settings, every field of it: what the engine must not know stays here. */
export function engineSettings(record: SettingsRecord): Settings {
  const names = Object.keys(DEFAULT_SETTINGS) as (keyof Settings)[];
  const own = names.flatMap((name) => (record[name] === undefined ? [] : [[name, record[name]]]));
  return { ...DEFAULT_SETTINGS, ...Object.fromEntries(own) };
}

/** The server's part of the settings, every field of it. */
export function serverSettings(record: SettingsRecord): ServerSettings {
  const { visitorOrigins, agentOrigins, passwordPolicy, retentionDays, mail } = record;
  const { visitorPreview, workspacePages } = record;
  return {
    visitorOrigins: visitorOrigins ?? DEFAULT_SERVER_SETTINGS.visitorOrigins,
    agentOrigins: agentOrigins ?? DEFAULT_SERVER_SETTINGS.agentOrigins,
    workspacePages: workspacePages ?? DEFAULT_SERVER_SETTINGS.workspacePages,
    passwordPolicy: passwordPolicy ?? DEFAULT_SERVER_SETTINGS.passwordPolicy,
    retentionDays: retentionDays ?? DEFAULT_SERVER_SETTINGS.retentionDays,
    visitorPreview: visitorPreview ?? DEFAULT_SERVER_SETTINGS.visitorPreview,
    mail: mail ?? DEFAULT_SERVER_SETTINGS.mail,
  };
}
