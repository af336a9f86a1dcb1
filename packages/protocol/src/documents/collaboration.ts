/** Collaboration channels: who is in a chat beside its visitor, who is asked to come, and asking them. */
import Type from 'typebox';
import { annotate, id, instant, Link, list, named, text } from '../annotations.js';
import { defineDocument, type DocumentValue } from '../document.js';

/** What somebody of the account is in a chat. */
export const ChatRole = Type.Enum(['agent', 'assistant', 'listener', 'supervisor']);

/** Longest text of an invitation, in characters. */
export const INVITATION_MAX = 2_000;

const Channel = named(
  'CollaborationChannel',
  Type.Object({
    link: list(Link, { always: true }),
    id: Type.String({
      description:
        'The same from the invitation until whoever came by it has left; agent for the agent.',
    }),
    agentId: id('Who is in the chat, or is asked to come.'),
    name: Type.String({ description: 'Their nickname.' }),
    role: ChatRole,
    state: Type.Enum(['joined', 'ringing'], { description: 'ringing: they are asked to come.' }),
    since: instant('When they came, or began to be asked.'),
    skillId: Type.Optional(
      Type.Integer({ description: 'Whoever is free of this skill is asked, one after another.' }),
    ),
    invitedBy: Type.Optional(Type.Integer({ description: 'Who invites: the id of an agent.' })),
    text: Type.Optional(Type.String({ description: 'What the inviter says about it.' })),
  }),
);
export type CollaborationChannel = Type.Static<typeof Channel>;

export const collaborationChannelsDocument = defineDocument({
  name: 'collaborationChannels',
  root: 'collaborationChannels',
  style: 'plain',
  description: 'Who of the account is in a chat, in which role, and who is asked to come.',
  schema: Type.Object({ link: list(Link, { always: true }), channel: list(Channel) }),
});

export const collaborationChannelDocument = defineDocument({
  name: 'collaborationChannel',
  root: 'channel',
  style: 'plain',
  description: 'One who is in a chat, or is asked to come.',
  schema: Channel,
});

export const newCollaborationChannelDocument = defineDocument({
  name: 'newCollaborationChannel',
  root: 'channel',
  style: 'plain',
  description:
    'An invitation, of one agent or of whoever is free of a skill; or, with the role supervisor and nobody named, coming in oneself.',
  schema: Type.Refine(
    Type.Object({
      agentId: Type.Optional(id('The agent, or the bot, who is asked.')),
      skillId: Type.Optional(id('Whoever is free of this skill is asked.')),
      role: annotate(Type.Enum(['assistant', 'listener', 'supervisor']), {}),
      text: Type.Optional(text(INVITATION_MAX, 'For whoever is asked; the visitor never sees it.')),
    }),
    ({ agentId, skillId, role }) =>
      role === 'supervisor'
        ? agentId === undefined && skillId === undefined
        : (agentId === undefined) !== (skillId === undefined),
    () =>
      'needs an agent or a skill, and not both: {"agentId": 6, "role": "listener"}; with the role supervisor neither, since who supervises comes in without being asked',
  ),
});
export type NewCollaborationChannel = DocumentValue<typeof newCollaborationChannelDocument>;

export const channelLocationDocument = defineDocument({
  name: 'channelLocation',
  root: 'channelLocation',
  style: 'attributes',
  description: 'Where the collaboration channel is.',
  schema: Type.Object({ link: Link }),
});
