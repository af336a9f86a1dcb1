/** An agent session and what hangs off it. */
import Type, { type Static } from 'typebox';
import { Link, annotate, attribute, id, links, list, stringly, text } from '../annotations.js';
import { ChatRole } from './collaboration.js';
import { defineDocument, type DocumentValue } from '../document.js';
import { LINE_MAX } from './chat.js';

/** `chatState` and `voiceState` of availableAgents. */
export const AGENT_STATE_NUMBERS = { Offline: 1, Online: 2, Occupied: 3, Away: 4 } as const;

export const Presence = Type.Enum(['Online', 'Occupied', 'Away', 'Offline']);

const Availability = Type.Object({
  chat: Presence,
  voice: Presence,
  chatReasonId: Type.Optional(
    stringly(Type.Integer({ description: 'The status reason that the agent gave.' })),
  ),
});

const SkillRef = Type.Object({ id: stringly(Type.Integer()), name: Type.String() });

export const agentSessionLocationDocument = defineDocument({
  name: 'agentSessionLocation',
  root: 'agentSessionLocation',
  style: 'attributes',
  description: 'The address of the new agent session.',
  schema: Type.Object({ link: Link }),
});

export const agentSessionDocument = defineDocument({
  name: 'agentSession',
  root: 'agentSessionId',
  style: 'attributes',
  description: 'The links of an agent session.',
  schema: Type.Object({ link: links() }),
});

export const availabilityDocument = defineDocument({
  name: 'availability',
  root: 'availability',
  style: 'attributes',
  description: "The agent session's availability.",
  schema: Availability,
});

export const newAvailabilityDocument = defineDocument({
  name: 'newAvailability',
  root: 'availability',
  style: 'attributes',
  description: 'The availability to set.',
  schema: Type.Object({
    chat: Type.Enum(['Online', 'Occupied', 'Away']),
    voice: Type.Optional(Presence),
    chatReasonId: Type.Optional(
      id('A status reason of the account for that state. If omitted: no reason.'),
    ),
  }),
});

export const availableAgentsDocument = defineDocument({
  name: 'availableAgents',
  root: 'availableAgents',
  style: 'attributes',
  description: 'The enabled agents of the account, online or not.',
  schema: Type.Object({
    agents: list(
      Type.Object({
        id: attribute(Type.Integer()),
        chatState: attribute(
          Type.Integer({ description: '1 Offline, 2 Online, 3 Occupied, 4 Away.' }),
        ),
        voiceState: attribute(Type.Integer()),
        maxChats: attribute(Type.Integer({ description: '-1: no cap.' })),
        chatReasonId: Type.Optional(
          attribute(Type.Integer({ description: 'The status reason that the agent gave.' })),
        ),
        userName: Type.String(),
        nickname: Type.String(),
        email: Type.Optional(Type.String()),
        privilegeGroup: Type.String(),
        skills: list(stringly(Type.Integer()), { item: 'skill', emptyAsNull: true }),
        skillsInfo: list(SkillRef, { item: 'skillInfo', emptyAsNull: true }),
        chats: Type.Integer(),
        agentGroupName: Type.String(),
        agentGroupId: stringly(Type.Integer()),
        elapsedTimeInState: stringly(Type.Integer({ description: 'Milliseconds.' })),
      }),
      { item: 'agent', always: true },
    ),
    link: Link,
  }),
});
export type AvailableAgents = DocumentValue<typeof availableAgentsDocument>;

export const availableSlotsDocument = defineDocument({
  name: 'availableSlots',
  root: 'availableSlots',
  style: 'attributes',
  description: 'How many more chats could be taken now; -1 if there is no limit.',
  schema: Type.Integer({ minimum: -1 }),
});

export const agentInfoDocument = defineDocument({
  name: 'agentInfo',
  root: 'info',
  style: 'attributes',
  description: 'Who the agent is.',
  schema: Type.Object({
    link: Link,
    agentName: Type.String({ description: 'The nickname, which visitors see.' }),
    displayName: Type.String(),
    loginName: Type.String(),
    id: stringly(Type.Integer()),
    maxChats: stringly(Type.Integer({ description: '-1: no cap.' })),
    availability: Availability,
    skillsInfo: list(SkillRef, { item: 'skillInfo' }),
  }),
});

/** A chat that rings, as whoever is asked sees it: the same in the document and in frames of streams. */
export const Offer = Type.Object({
  id: Type.String({
    description: 'The id of this offer: when the chat rings at the next agent, it has a new one.',
  }),
  role: ChatRole,
  skillId: Type.Optional(Type.Integer()),
  skillName: Type.Optional(Type.String()),
  visitorName: Type.String(),
  text: Type.Optional(
    Type.String({ description: 'A note from the inviter. The visitor never sees it.' }),
  ),
  invitedBy: Type.Optional(Type.Integer({ description: 'The agent who invites.' })),
  waited: Type.Integer({ description: 'How many seconds the visitor has waited.' }),
  remaining: Type.Integer({ description: 'How many seconds it will keep ringing.' }),
});
export type Offer = Static<typeof Offer>;

export const incomingRequestsDocument = defineDocument({
  name: 'incomingRequests',
  root: 'incomingRequests',
  style: 'attributes',
  description:
    'How many chats are ringing for the agent session, and who is waiting in each. If none is, there is neither link nor offer.',
  schema: Type.Object({
    ringingCount: stringly(Type.Integer({ minimum: 0 })),
    link: Type.Optional(Link),
    offer: list(Offer, { description: 'The ringing offers, longest-ringing first.' }),
  }),
});

export const chatSessionsDocument = defineDocument({
  name: 'chatSessions',
  root: 'chatSessions',
  style: 'plain',
  description: 'The chats taken over from the agent’s previous session.',
  schema: Type.Object({
    chatSession: list(
      Type.Object({
        link: Link,
        chatSessionKey: Type.String(),
        startTime: Type.Integer({
          description: 'Epoch milliseconds.',
          'x-wire': { instant: 'epoch-ms' },
        }),
      }),
    ),
  }),
});

export const skillsDocument = defineDocument({
  name: 'skills',
  root: 'skills',
  style: 'attributes',
  description: 'The account’s skills.',
  schema: Type.Object({ skill: list(SkillRef) }),
});

export const transferSkillsDocument = defineDocument({
  name: 'transferSkills',
  root: 'transfer',
  style: 'attributes',
  description: 'The skills the chat can be transferred to.',
  schema: Type.Object({
    skill: list(
      Type.Object({
        id: stringly(Type.Integer()),
        name: Type.String(),
        onlineAgents: stringly(Type.Integer()),
      }),
    ),
  }),
});

export const transferDocument = defineDocument({
  name: 'transfer',
  root: 'transfer',
  style: 'attributes',
  description: 'Where to transfer the chat. If both are given, the agent counts.',
  schema: Type.Refine(
    Type.Object({
      skill: Type.Optional(Type.Object({ id: id() })),
      agent: Type.Optional(Type.Object({ id: id() })),
      // Clients in the field put the text beside the transfer object.
      text: Type.Optional(
        annotate(text(LINE_MAX, 'What the next agent should know.'), {
          'x-wire': { alsoBeside: true },
        }),
      ),
    }),
    (transfer) => transfer.skill !== undefined || transfer.agent !== undefined,
    () => 'needs a skill or an agent: {"skill": {"id": 2}} or {"agent": {"id": 6}}',
  ),
});
export type Transfer = DocumentValue<typeof transferDocument>;
