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
      'Why not them; absent for who is rung. occupied: only what another agent gave away. for-people: a bot could not go on with it, and they are a bot. full: maxChats. ringing: as many chats ring there as may. gave-away: the chat was theirs. answer-first: a bot answers first. group: the skill prefers another group. busier, idle-shorter: another has less to do, or as little and nothing new for longer.',
  },
);

const Candidate = named(
  'RoutingCandidate',
  Type.Object({
    agentId: id('Who was looked at.'),
    name: Type.String({ description: 'Their nickname.' }),
    load: Type.Number({ description: 'Chats ÷ maxChats, without this one.' }),
    idle: Type.Integer({ description: 'Seconds for which they had nothing new.' }),
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
          'queue: the least loaded of the skill, then the longest idle. answer-first and attached: by the attachment rule ruleId. The others say who chose.',
      },
    ),
    ruleId: Type.Optional(id('The attachment rule.')),
    candidates: Type.Integer({ description: 'How many could have taken it.' }),
    load: Type.Number({ description: 'Chats ÷ maxChats of who was rung, without this one.' }),
    idle: Type.Integer({ description: 'Seconds for which they had had nothing new.' }),
    agentGroupId: Type.Optional(id('The group that the skill preferred.')),
    passedOver: list(Candidate, { description: 'Some of the others, and why not them.' }),
  }),
);
/** One ring of a chat: for which agent it rang, by which rule, and who was passed over and why. */
export type RoutingDecision = Type.Static<typeof Decision>;

const Rule = named(
  'RoutingRuleApplied',
  Type.Object({
    id: id('An attachment rule that is on.'),
    name: Type.String(),
    action: Type.Enum(['attach', 'answer-first']),
    agentId: id('Whom it is about.'),
    because: Type.Optional(
      Type.Enum(['skill', 'language', 'hours', 'answer'], {
        description: 'The condition that the chat does not meet; absent when it is for the chat.',
      }),
    ),
  }),
);

const weighing = {
  open: Type.Boolean({
    description: 'Whether the account serves chats then; else a new chat waits until it does.',
  }),
  agentId: Type.Optional(id('Who would be rung; absent for nobody: it would wait.')),
  rule: Type.Optional(Type.Enum(['queue', 'named-agent', 'answer-first'])),
  ruleId: Type.Optional(id('The attachment rule.')),
  agentGroupId: Type.Optional(id('The group that the skill prefers.')),
  candidate: list(Candidate, {
    description: 'All who hold the skill, or are asked for by name; at most 500.',
  }),
  attachmentRule: list(Rule, { description: 'The rules that are on, in their order.' }),
};

const Weighing = named('RoutingWeighing', Type.Object(weighing));
/** For whom a waiting chat would ring now, and who would be passed over and why. */
export type RoutingWeighing = Type.Static<typeof Weighing>;

export const routingDocument = defineDocument({
  name: 'routing',
  root: 'routing',
  style: 'plain',
  description: 'Why a chat went where it went: who was rung for it, and who was passed over.',
  schema: Type.Object({
    link: list(Link, { always: true }),
    decision: list(Decision, { description: 'The last five rings, the latest at the end.' }),
    now: Type.Optional(Weighing),
  }),
});
export type RoutingDocument = DocumentValue<typeof routingDocument>;

export const whatIfDocument = defineDocument({
  name: 'whatIf',
  root: 'chat',
  style: 'plain',
  description: 'A chat that is only imagined.',
  schema: Type.Object({
    skillId: Type.Optional(id('The skill that it asks for; any without it.')),
    agentId: Type.Optional(id('The agent whom it asks for by name.')),
    language: Type.Optional(text(35, 'Language tag of the visitor.')),
    answer: list(
      Type.Object({
        questionId: id('A question of the pre-chat survey.'),
        answer: text(1_000, 'What is answered to it.'),
      }),
      { maxItems: 100 },
    ),
    time: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 8_640_000_000_000,
        description: 'Epoch milliseconds: when hours are looked at; now without it.',
      }),
    ),
  }),
});

export const whatIfAnswerDocument = defineDocument({
  name: 'whatIfAnswer',
  root: 'routing',
  style: 'plain',
  description: 'Where the imagined chat would go, as things stand.',
  schema: Type.Object(weighing),
});
