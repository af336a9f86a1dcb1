/** Delegations and approvals: programs that work in an agent's session, and what they have to ask for. */
import Type from 'typebox';
import { annotate, free, instant, Link, list, named, nameText, secret } from '../annotations.js';
import { defineDocument, type DocumentValue } from '../document.js';

/** Longest name of a program, in characters. */
export const PROGRAM_NAME_MAX = 100;

/** Longest time that a delegation can be given, seconds. */
export const DELEGATION_SECONDS_MAX = 7 * 86_400;

const RIGHTS = [
  ...(['read', 'accept', 'speak', 'whisper', 'suggest'] as const),
  ...(['transfer', 'invite', 'end', 'survey', 'availability'] as const),
] as const;

const Right = Type.Enum([...RIGHTS]);

/** Everything but reading, which nobody is asked for. */
const Approved = Type.Enum(RIGHTS.filter((right) => right !== 'read'));

const FIELDS = {
  link: list(Link, { always: true }),
  id: Type.String(),
  name: Type.String({ description: 'The name that the agent gave the program.' }),
  rights: list(Right),
  approval: list(Right, { description: 'The rights of which each use must be approved.' }),
  since: instant(),
  until: Type.Optional(instant('When it expires. Absent: it ends with the session.')),
};

const Delegation = named('Delegation', Type.Object(FIELDS));
export type Delegation = Type.Static<typeof Delegation>;

export const delegationsDocument = defineDocument({
  name: 'delegations',
  root: 'delegations',
  style: 'plain',
  description: 'Programs that may work in the session.',
  schema: Type.Object({ link: list(Link, { always: true }), delegation: list(Delegation) }),
});

export const newDelegationDocument = defineDocument({
  name: 'newDelegation',
  root: 'delegation',
  style: 'plain',
  description: 'A program to let into the session.',
  schema: Type.Object({
    name: annotate(nameText(PROGRAM_NAME_MAX), {
      description: 'The name that the agent gives the program.',
    }),
    rights: list(Right, { maxItems: RIGHTS.length, description: 'What it may do.' }),
    approval: list(Approved, {
      maxItems: RIGHTS.length,
      description: 'The rights of which the agent must approve each use.',
    }),
    expiresIn: Type.Optional(
      Type.Integer({
        minimum: 60,
        maximum: DELEGATION_SECONDS_MAX,
        description: 'Seconds after which it expires. If omitted: it ends with the session.',
      }),
    ),
  }),
});
export type NewDelegation = DocumentValue<typeof newDelegationDocument>;

export const delegatedDocument = defineDocument({
  name: 'delegated',
  root: 'delegation',
  style: 'plain',
  description: 'The delegation and the program’s bearer token, which is shown only this once.',
  schema: Type.Object({ ...FIELDS, bearer: secret(Type.String()) }),
});

export const Approval = named(
  'Approval',
  Type.Object({
    link: list(Link, { always: true }),
    id: Type.String(),
    program: Type.String({
      description: 'The name that the agent gave the program; otherwise its nickname.',
    }),
    delegationId: Type.Optional(
      Type.String({ description: 'For a program in the caller’s own session.' }),
    ),
    agentId: Type.Optional(
      Type.Integer({ description: 'For a bot in a session of its own: the bot’s user.' }),
    ),
    right: Right,
    method: Type.String(),
    path: Type.String({ description: 'The path of the request, below the session.' }),
    chatSessionKey: Type.Optional(
      Type.String({ description: 'The chat that it concerns, if any.' }),
    ),
    body: Type.Optional(free('The body of the request.')),
    since: instant(),
    until: instant('When it expires.'),
    state: Type.Enum(['pending', 'approved', 'refused', 'gone'], {
      description: 'gone: nobody decided in time, or the program stopped waiting.',
    }),
  }),
);
export type Approval = Type.Static<typeof Approval>;

export const approvalsDocument = defineDocument({
  name: 'approvals',
  root: 'approvals',
  style: 'plain',
  description: 'Requests of programs that wait for the caller’s approval.',
  schema: Type.Object({ link: list(Link, { always: true }), approval: list(Approval) }),
});

export const approvalDocument = defineDocument({
  name: 'approval',
  root: 'approval',
  style: 'plain',
  description: 'A request of a program, and the decision on it.',
  schema: Approval,
});

export const decisionDocument = defineDocument({
  name: 'decision',
  root: null,
  xmlRoot: 'decision',
  style: 'plain',
  description: 'The decision.',
  schema: Type.Object({ decision: Type.Enum(['approve', 'refuse']) }),
});
