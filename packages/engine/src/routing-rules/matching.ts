/** Which rules are for a chat, at a moment. */
import type { AccountConfig } from '../config.js';
import { isWithin } from '../routing/opening-hours.js';
import type { SurveyAnswer } from '../surveys/surveys.js';
import type { RoutingRule } from './rule.js';

/** What rules ask of a chat; of one that is only imagined as well. */
export interface RuledChat {
  readonly skillId: number | null;
  /** Language tag; null for one that is not known. */
  readonly language: string | null;
  /** What was answered before the chat. */
  readonly answers: readonly Pick<SurveyAnswer, 'questionId' | 'values'>[];
}

/** Why a rule is not for a chat. */
export type NotRuled = 'skill' | 'language' | 'hours' | 'answer';

/** A configuration is never changed in place, so what was found out of one stays true. */
const sorted = new WeakMap<AccountConfig, readonly RoutingRule[]>();

/** The account's rules that are on, in their order. */
export function rulesInOrder(config: AccountConfig): readonly RoutingRule[] {
  const { routingRules } = config;
  if (routingRules === undefined || routingRules.size === 0) return [];
  let rules = sorted.get(config);
  if (rules === undefined) {
    rules = [...routingRules.values()].sort((a, b) => a.order - b.order || a.id - b.id);
    sorted.set(config, rules);
  }
  return rules;
}

/**
 * Why a rule is not for a chat; null when it is.
 * @param now epoch ms
 */
export function whyNotRuled(
  config: AccountConfig,
  rule: RoutingRule,
  chat: RuledChat,
  now: number,
): NotRuled | null {
  const { skillIds, languages, hours, answers } = rule;
  if (skillIds.length > 0 && (chat.skillId === null || !skillIds.includes(chat.skillId))) {
    return 'skill';
  }
  if (languages.length > 0 && !languages.some((tag) => speaks(chat.language, tag))) {
    return 'language';
  }
  if (hours.length > 0 && !isWithin(config.settings, hours, now)) return 'hours';
  return answers.every((one) => isAnswered(chat, one.questionId, one.answer)) ? null : 'answer';
}

/** `de-AT` is German, and so is `DE_at`. */
function speaks(language: string | null, tag: string): boolean {
  const plain = (text: string) => text.trim().replaceAll('_', '-').toLowerCase();
  const [spoken, wanted] = [plain(language ?? ''), plain(tag)];
  return spoken === wanted || spoken.startsWith(`${wanted}-`);
}

function isAnswered({ answers }: RuledChat, questionId: number, wanted: string): boolean {
  const plain = (text: string) => text.trim().toLowerCase();
  return answers.some(
    (one) =>
      one.questionId === questionId && one.values.some((value) => plain(value) === plain(wanted)),
  );
}
