/** Why a chat went where it went, and where one that is only imagined would go. */
import Type from 'typebox';
import { id, instant, Link, list, named, text } from '../annotations.js';
import { defineDocument, type DocumentValue } from '../document.js';

const BECAUSE = Type.Enum(
  [
    ...(['offline', 'away', 'occupied', 'for-people', 'full', 'ringing', 'gave-away'] as const),
    ...(['answer-first', 'group', 'busier', 'idle-shorter'] as const),
  ],
  {
    description:
      'Why they were passed over. Absent for the agent who is rung. occupied: they take only chats that another agent gave away. for-people: they are a bot, and a bot could not continue with the chat. full: maxChats is reached. ringing: as many chats ring there as may. gave-away: they transferred the chat away. answer-first: a bot answers first. group: the skill prefers another group. busier, idle-shorter: another agent has less to do, or as little and has been idle for longer.',
  },
);

const Candidate = named(
  'RoutingCandidate',
  Type.Object({
    agentId: id('The agent who was considered.'),
    name: Type.String({ description: 'Their nickname.' }),
    load: Type.Number({ description: 'Chats ÷ maxChats, without this one.' }),
    idle: Type.Integer({ description: 'How many seconds they have been without a new chat.' }),
    because: Type.Optional(BECAUSE),
  }),
);

const Decision = named(
  'RoutingDecision',
  Type.Object({
    time: instant('When they were rung.'),
    agentId: id('Who was rung.'),
    name: Type.String({ description: 'Their nickname.' }),
    role: Type.Enum(['agent', 'assistant', 'listener']),
    rule: Type.Enum(
      [
        ...(['queue', 'named-agent', 'transfer-to-agent', 'assigned'] as const),
        ...(['invited', 'invited-skill', 'answer-first', 'attached'] as const),
      ],
      {
        description:
          'queue: the least loaded agent of the skill, then the longest idle. answer-first and attached: by the attachment rule ruleId. The other values say who chose.',
      },
    ),
    ruleId: Type.Optional(id('The attachment rule.')),
    candidates: Type.Integer({ description: 'How many agents could have taken it.' }),
    load: Type.Number({
      description: 'Chats ÷ maxChats of the agent who was rung, without this chat.',
    }),
    idle: Type.Integer({ description: 'How many seconds they had been without a new chat.' }),
    agentGroupId: Type.Optional(id('The group that the skill preferred.')),
    passedOver: list(Candidate, {
      description: 'Some of the others, and why they were passed over.',
    }),
  }),
);
/** One ring of a chat: for which agent it rang, by which rule, and who was passed over and why. */
export type RoutingDecision = Type.Static<typeof Decision>;

const Rule = named(
  'RoutingRuleApplied',
  Type.Object({
    id: id('An enabled attachment rule.'),
    name: Type.String(),
    action: Type.Enum(['attach', 'answer-first']),
    agentId: id('The agent or bot of the rule.'),
    because: Type.Optional(
      Type.Enum(['skill', 'language', 'hours', 'answer'], {
        description: 'The condition that the chat does not meet. Absent: the rule applies.',
      }),
    ),
  }),
);

const weighing = {
  open: Type.Boolean({
    description: 'Whether the account is open at that time. If not, a new chat waits until it is.',
  }),
  agentId: Type.Optional(id('Who would be rung. Absent: nobody, so the chat would wait.')),
  rule: Type.Optional(Type.Enum(['queue', 'named-agent', 'answer-first'])),
  ruleId: Type.Optional(id('The attachment rule.')),
  agentGroupId: Type.Optional(id('The group that the skill prefers.')),
  candidate: list(Candidate, {
    description: 'Everybody who holds the skill, or who is requested by name. At most 500.',
  }),
  attachmentRule: list(Rule, { description: 'The enabled rules, in order.' }),
};

const Weighing = named('RoutingWeighing', Type.Object(weighing));
/** For whom a waiting chat would ring now, and who would be passed over and why. */
export type RoutingWeighing = Type.Static<typeof Weighing>;

export const routingDocument = defineDocument({
  name: 'routing',
  root: 'routing',
  style: 'plain',
  description: 'The routing of a chat: who was rung for it, and who was passed over.',
  schema: Type.Object({
    link: list(Link, { always: true }),
    decision: list(Decision, { description: 'The last five rings, latest last.' }),
    now: Type.Optional(Weighing),
  }),
});
export type RoutingDocument = DocumentValue<typeof routingDocument>;

export const whatIfDocument = defineDocument({
  name: 'whatIf',
  root: 'chat',
  style: 'plain',
  description: 'A hypothetical chat.',
  schema: Type.Object({
    skillId: Type.Optional(id('The skill that it requests. If omitted: any skill.')),
    agentId: Type.Optional(id('The agent whom it requests by name.')),
    language: Type.Optional(text(35, 'Language tag of the visitor.')),
    answer: list(
      Type.Object({
        questionId: id('A question of the pre-chat survey.'),
        answer: text(1_000, 'The answer to it.'),
      }),
      { maxItems: 100 },
    ),
    time: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 8_640_000_000_000,
        description:
          'The time for which opening hours are checked, in epoch milliseconds. If omitted: now.',
      }),
    ),
  }),
});

export const whatIfAnswerDocument = defineDocument({
  name: 'whatIfAnswer',
  root: 'routing',
  style: 'plain',
  description: 'Where the hypothetical chat would go as things stand.',
  schema: Type.Object(weighing),
});
