/**
 * What goes over streams. Frames are JSON alone, so these schemas describe the very JSON that is sent;
 * documents within them are written as they are in JSON elsewhere.
 */
import Type, { type Static } from 'typebox';
import { secret } from '../annotations.js';
import { defineDocument } from '../document.js';
import { Offer } from './agent-session.js';
import { Approval } from './delegations.js';
import { Suggestion } from './suggestions.js';

const Role = Type.Enum(['agent', 'assistant', 'listener', 'supervisor']);

const Instant = Type.String({ format: 'date-time' });

const WireLink = Type.Object({ '@href': Type.String(), '@rel': Type.String() });

/** An own chat. */
const StreamedChat = Type.Object({
  link: Type.Array(WireLink),
  chatSessionKey: Type.String({ description: 'The chat id.' }),
  role: Type.Optional(Role),
  next: Type.Optional(
    Type.Integer({
      minimum: 0,
      description: 'The first event that the stream sends. The link next leads to it.',
    }),
  ),
});
export type StreamedChat = Static<typeof StreamedChat>;

const Availability = Type.Object({
  chat: Type.String(),
  voice: Type.String(),
  chatReasonId: Type.Optional(Type.String()),
  since: Instant,
});

const IncomingRequests = Type.Object({
  ringingCount: Type.String(),
  link: Type.Optional(WireLink),
  offer: Type.Array(Offer),
});

const orNone = <S extends Type.TSchema>(schema: S) =>
  Type.Optional(Type.Union([schema, Type.Null()]));

const Typing = Type.Enum(['typing', 'not-typing']);

/** Fields of the info of a chat that a stream follows; null for what is not there any more. */
const StreamedInfo = Type.Object({
  state: Type.Optional(Type.Enum(['waiting', 'chatting', 'ended'])),
  skillId: orNone(Type.Integer()),
  skillName: orNone(Type.String()),
  agentId: orNone(Type.Integer()),
  agentName: orNone(Type.String()),
  visitorName: Type.Optional(Type.String()),
  participant: Type.Optional(
    Type.Array(Type.Object({ agentId: Type.Integer(), name: Type.String(), role: Role })),
  ),
  agentRead: orNone(Type.Integer()),
  visitorRead: orNone(Type.Integer()),
  agentTyping: Type.Optional(Typing),
  visitorTyping: Type.Optional(Typing),
  agentPreview: orNone(Type.String({ description: 'What the agent is typing.' })),
  visitorPreview: orNone(Type.String({ description: 'What the visitor is typing.' })),
  queuePosition: orNone(Type.Integer({ description: 'The place in the queue: 1 is next.' })),
  estimatedWait: orNone(
    Type.Integer({ description: 'Seconds. -1: nobody is online; -2: not known.' }),
  ),
});
export type StreamedInfo = Static<typeof StreamedInfo>;

/** The data of frames, by their type. */
export const FRAMES = {
  hello: Type.Object({
    agentSession: Type.Optional(
      Type.Object({ link: Type.Array(WireLink), agentId: Type.Integer() }),
    ),
    availability: Type.Optional(Availability),
    incomingRequests: Type.Optional(IncomingRequests),
    chat: Type.Array(StreamedChat),
  }),
  incoming: Type.Object({ incomingRequests: IncomingRequests }),
  events: Type.Object({
    uri: Type.String({ description: 'Of the chat.' }),
    events: Type.Unknown({ description: 'The same document as the events of the chat.' }),
  }),
  info: Type.Object({ uri: Type.String(), info: StreamedInfo }),
  chat: Type.Object({
    change: Type.Enum(['came', 'left']),
    why: Type.Enum(['accept', 'takeover', 'end', 'transfer', 'requeue', 'leave']),
    chat: StreamedChat,
  }),
  availability: Type.Object({ availability: Availability }),
  roster: Type.Object({
    agent: Type.Array(
      Type.Object({
        id: Type.Integer(),
        nickname: Type.String(),
        availability: Type.Enum(['Online', 'Occupied', 'Away', 'Offline']),
        chatReasonId: Type.Optional(Type.Integer()),
        since: Type.Optional(Instant),
      }),
    ),
  }),
  supervision: Type.Object({
    at: Type.Integer({
      description:
        'Epoch milliseconds. Something that supervision lists has changed: read it again.',
    }),
  }),
  suggestion: Type.Object({
    uri: Type.String({ description: 'Of the chat.' }),
    suggestion: Suggestion,
  }),
  approval: Type.Object({ approval: Approval }),
  resync: Type.Object({ chat: Type.Array(StreamedChat) }),
  bye: Type.Object({
    why: Type.Enum(['logout', 'takeover', 'session-ended', 'slow', 'shutdown']),
  }),
} as const;

export type FrameType = keyof typeof FRAMES;

/** What a frame of a type carries. */
export type FrameData<T extends FrameType> = Static<(typeof FRAMES)[T]>;

/** Why a stream ends. */
export type Bye = FrameData<'bye'>['why'];

/** The code that a WebSocket is closed with. */
export const CLOSE_CODES = {
  logout: 4401,
  takeover: 4409,
  'session-ended': 4404,
  slow: 4429,
  shutdown: 1012,
} as const satisfies Readonly<Record<Bye, number>>;

/** The code for a frame that is not understood. */
export const CLOSE_NOT_UNDERSTOOD = 4400;

export const ticketDocument = defineDocument({
  name: 'ticket',
  root: null,
  style: 'plain',
  description: 'A ticket that opens one WebSocket, once, within expiresIn seconds.',
  schema: Type.Object({ ticket: secret(Type.String()), expiresIn: Type.Integer() }),
});
