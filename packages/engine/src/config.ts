/**
 * What the engine must know of an account's configuration. A value of this kind is never changed
 * in place: a change of configuration makes a new one.
 */
import type { OpenSpan, Weekday } from './week.js';
import type { RoutingRule } from './routing-rules/rule.js';
import type { StatusReason } from './sessions/status-reason.js';

export type { OpenSpan, Weekday } from './week.js';

export type Role = 'administrator' | 'manager' | 'agent';

export interface User {
  readonly id: number;
  readonly loginName: string;
  readonly fullName: string;
  /** The name visitors see. */
  readonly nickname: string;
  readonly email: string;
  readonly kind: 'human' | 'bot';
  readonly enabled: boolean;
  /** Most chats at once, chatting and ringing together; -1 no cap. */
  readonly maxChats: number;
  readonly skillIds: readonly number[];
  readonly groupId: number;
  readonly roles: readonly Role[];
  /** Groups that a manager is responsible for, with all below them; absent for none. */
  readonly managedGroupIds?: readonly number[];
}

export interface Skill {
  readonly id: number;
  readonly name: string;
  /** Seconds a chat may wait before the visitor reads that everybody is busy. */
  readonly maxWaitTime: number;
  /**
   * Seconds that a visitor's line may wait for the answer of an agent that is a program; 0 for any time.
   * The account's by default.
   */
  readonly answerLimit?: number;
  /** Which agent groups its chats go to first; none: all alike. */
  readonly routing?: readonly GroupShare[];
  /** Whether its chats may be transferred to other skills; they may by default. */
  readonly canTransfer?: boolean;
}

/** What part of a skill's chats an agent group gets. */
export interface GroupShare {
  readonly agentGroupId: number;
  /** The groups of the lowest number come first; the next only when no agent of those is free. */
  readonly priority: number;
  /** Its part among the groups of the same priority. */
  readonly splitPercentage: number;
}

export interface AgentGroup {
  readonly id: number;
  readonly name: string;
  /** The group it belongs to; null or absent for the account's root. */
  readonly parentGroupId?: number | null;
}

/** Ids of the texts that the system itself says in a chat. */
export type SystemMessageId = 2 | 3 | 4 | 5 | 6 | 13 | 15 | 23;

export type SystemTexts = Readonly<Partial<Record<SystemMessageId, string>>>;

/** When chats are served, in the account's time zone. */
export interface OpeningHours {
  /** Every week; without any, every day is open all day. */
  readonly days: readonly (OpenSpan & { readonly weekday: Weekday })[];
  /** Days with hours of their own; without spans, closed. */
  readonly holidays: readonly {
    /** `YYYY-MM-DD` */
    readonly date: string;
    readonly spans: readonly OpenSpan[];
  }[];
}

export interface Settings {
  /** IANA name; times on the wire are written in it. */
  readonly timeZone: string;
  /** Language of system texts when a chat asks for none, or for one without texts. */
  readonly language: string;
  /** Account's own texts by language; what is absent falls back to the built-in English. */
  readonly texts: Readonly<Record<string, SystemTexts>>;
  /** Seconds a chat rings before it goes on to the next agent. */
  readonly ringSeconds: number;
  /** Seconds without a heartbeat after which an agent session is lost. */
  readonly agentLostSeconds: number;
  /** Seconds without a heartbeat of the visitor after which a chat ends. */
  readonly visitorTimeoutSeconds: number;
  /** Seconds after which `typing` falls back to `not-typing`. */
  readonly typingSeconds: number;
  /** Seconds an ended chat stays readable to its visitor and those who were in it at its end. */
  readonly readableSeconds: number;
  /** `maxWaitTime` of a chat without a skill, seconds. */
  readonly maxWaitSeconds: number;
  /** `answerLimit` of a chat without a skill, seconds; 0 for any time. */
  readonly answerLimitSeconds: number;
  /** Seconds a login lives without a refresh. */
  readonly sessionTtlSeconds: number;
  /** What becomes of a chat for which nobody is online. */
  readonly nobodyOnline: {
    readonly atStart: 'wait' | 'refuse';
    readonly afterMaxWait: 'wait' | 'end';
  };
  /** What those beside the agent do when the agent leaves a chat that goes on; supervisors stay. */
  readonly besideWhenAgentLeaves: 'stay' | 'leave';
  /** Null: always open. */
  readonly openingHours: OpeningHours | null;
}

export interface AccountConfig {
  readonly accountId: string;
  readonly users: ReadonlyMap<number, User>;
  readonly skills: ReadonlyMap<number, Skill>;
  readonly groups: ReadonlyMap<number, AgentGroup>;
  readonly statusReasons: ReadonlyMap<number, StatusReason>;
  /** Attachment rules that are on; absent for none. */
  readonly routingRules?: ReadonlyMap<number, RoutingRule>;
  readonly settings: Settings;
}

/** Whether a user may take chats: enabled, and an agent. */
export function mayWork(config: AccountConfig, userId: number): boolean {
  const user = config.users.get(userId);
  return user?.enabled === true && user.roles.includes('agent');
}

/** Defaults; an account overrides what it wants. */
export const DEFAULT_SETTINGS: Settings = {
  timeZone: 'UTC',
  language: 'en-US',
  texts: {},
  ringSeconds: 20,
  agentLostSeconds: 120,
  visitorTimeoutSeconds: 40,
  typingSeconds: 10,
  readableSeconds: 30 * 60,
  maxWaitSeconds: 120,
  answerLimitSeconds: 60,
  sessionTtlSeconds: 8 * 60 * 60,
  nobodyOnline: { atStart: 'wait', afterMaxWait: 'wait' },
  besideWhenAgentLeaves: 'stay',
  openingHours: null,
};

const ENGLISH: Readonly<Record<SystemMessageId, string>> = {
  2: 'All of our agents are busy right now.',
  3: 'You are now chatting with {nickname}.',
  4: 'Thank you for choosing to chat with us. An agent will be with you shortly.',
  5: 'The agent ended the chat.',
  6: 'The chat was disconnected.',
  13: 'You are being transferred to {nickname}.',
  15: 'You are being transferred to {skill}.',
  23: 'Your agent was disconnected. Another agent will be with you shortly.',
};

/**
 * The text of a system line, in the chat's language when the account has one for it, else in the
 * account's language, else in English. `{nickname}` and `{skill}` are filled in.
 */
export function systemText(
  settings: Settings,
  language: string | null,
  id: SystemMessageId,
  fill: Readonly<Record<string, string>> = {},
): string {
  const text =
    (language === null ? undefined : settings.texts[language]?.[id]) ??
    settings.texts[settings.language]?.[id] ??
    ENGLISH[id];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(fill, name) ? (fill[name] ?? whole) : whole,
  );
}
