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
        'Stays the same from the invitation until the participant has left. The agent’s own channel is agent.',
    }),
    agentId: id('The participant, or the person who is invited.'),
    name: Type.String({ description: 'Their nickname.' }),
    role: ChatRole,
    state: Type.Enum(['joined', 'ringing'], {
      description: 'ringing: they have been invited and have not answered yet.',
    }),
    since: instant('When they joined, or when the invitation began to ring.'),
    skillId: Type.Optional(
      Type.Integer({ description: 'Free agents of this skill are asked one after another.' }),
    ),
    invitedBy: Type.Optional(Type.Integer({ description: 'The agent who invites.' })),
    text: Type.Optional(Type.String({ description: 'A note from the inviter.' })),
  }),
);
export type CollaborationChannel = Type.Static<typeof Channel>;

export const collaborationChannelsDocument = defineDocument({
  name: 'collaborationChannels',
  root: 'collaborationChannels',
  style: 'plain',
  description: 'Who from the account is in a chat, in which role, and who is invited.',
  schema: Type.Object({ link: list(Link, { always: true }), channel: list(Channel) }),
});

export const collaborationChannelDocument = defineDocument({
  name: 'collaborationChannel',
  root: 'channel',
  style: 'plain',
  description: 'One participant of a chat, or one invitation.',
  schema: Channel,
});

export const newCollaborationChannelDocument = defineDocument({
  name: 'newCollaborationChannel',
  root: 'channel',
  style: 'plain',
  description:
    'An invitation of one agent, or of any free agent of a skill. With the role supervisor and nobody named, the caller joins the chat.',
  schema: Type.Refine(
    Type.Object({
      agentId: Type.Optional(id('The agent or bot to invite.')),
      skillId: Type.Optional(id('Invites any free agent of this skill.')),
      role: annotate(Type.Enum(['assistant', 'listener', 'supervisor']), {}),
      text: Type.Optional(
        text(INVITATION_MAX, 'A note for those invited. The visitor never sees it.'),
      ),
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
  description: 'The address of the collaboration channel.',
  schema: Type.Object({ link: Link }),
});
