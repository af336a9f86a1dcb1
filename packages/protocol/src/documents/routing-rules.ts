/** Attachment rules: who comes into chats by themselves, and which bot answers first. */
import Type from 'typebox';
import { id, list, optional, text } from '../annotations.js';
import { defineDocument, type DocumentValue } from '../document.js';
import { WEEKDAYS } from './account-settings.js';
import { CONFIG_NAME_MAX } from './configuration.js';

/** Most skills, languages, hours and answers of one rule. */
const MAX_CONDITIONS = 100;

const clock = (description: string) => text(5, `${description}, HH:mm; the end of a day is 24:00.`);

const ruleFields = {
  name: text(CONFIG_NAME_MAX, 'Unique, ignoring case.'),
  enabled: Type.Boolean({ description: 'A rule that is not enabled does nothing.' }),
  order: Type.Integer({
    minimum: 0,
    maximum: 1_000_000,
    description: 'Rules are evaluated in this order. A new one comes last.',
  }),
  action: Type.Enum(['attach', 'answer-first'], {
    description:
      'attach: the agent or bot is invited to every chat that has an agent. answer-first: a bot gets new chats before people do, if it is free.',
  }),
  userId: id('The agent or bot. For answer-first, a bot.'),
  role: Type.Enum(['assistant', 'listener'], {
    description: 'Their role in the chat. For attach.',
  }),
  skillIds: list(id('A skill'), {
    always: true,
    xmlItem: 'skillId',
    maxItems: MAX_CONDITIONS,
    description: 'Skills to whose chats the rule applies. None: all chats.',
  }),
  languages: list(text(35, 'Language tag'), {
    always: true,
    xmlItem: 'language',
    maxItems: MAX_CONDITIONS,
    description: 'Languages of visitors. de also covers de-AT. None: any language.',
  }),
  hours: list(
    Type.Object({ weekday: Type.Enum([...WEEKDAYS]), from: clock('Start'), to: clock('End') }),
    {
      always: true,
      xmlItem: 'day',
      maxItems: MAX_CONDITIONS,
      description: 'When the rule applies, in the account’s time zone. None: always.',
    },
  ),
  answers: list(
    Type.Object({
      questionId: id('A question of the pre-chat survey.'),
      answer: text(1_000, 'One of the answers to it.'),
    }),
    {
      always: true,
      xmlItem: 'answer',
      maxItems: MAX_CONDITIONS,
      description:
        'Answers that the visitor must have given before the chat, all of them. None: no condition.',
    },
  ),
};

const Rule = optional({ id: id(), deleted: Type.Boolean(), ...ruleFields });
/** An attachment rule as it is answered. */
export type ConfiguredRoutingRule = Type.Static<typeof Rule>;

const common = { root: null, style: 'plain' } as const;

export const routingRuleDocument = defineDocument({
  ...common,
  name: 'routingRule',
  description: 'An attachment rule.',
  schema: Rule,
});

export const routingRulesDocument = defineDocument({
  ...common,
  name: 'routingRules',
  description: 'The attachment rules.',
  schema: list(Rule, { always: true, xmlItem: 'routingRule' }),
});

export const routingRuleChangeDocument = defineDocument({
  ...common,
  name: 'routingRuleChange',
  xmlRoot: 'routingRules',
  description: 'An attachment rule, or a list of them, to create or change.',
  schema: list(optional({ id: id(), ...ruleFields }), {
    always: true,
    xmlItem: 'routingRule',
    maxItems: 1_000,
  }),
});
/** What is sent to make or change an attachment rule. */
export type RoutingRuleChange = DocumentValue<typeof routingRuleChangeDocument>[number];
