/** A chat as agents and visitors see it: its resources, its events, its info. */
import Type from 'typebox';
import {
  Link,
  annotate,
  attribute,
  beside,
  choice,
  free,
  id,
  instant,
  links,
  list,
  named,
  nameText,
  numberOrText,
  stringly,
  text,
} from '../annotations.js';
import { defineDocument, type DocumentValue } from '../document.js';

/** Longest line, in characters. */
export const LINE_MAX = 8_000;

/** Longest name of a visitor, in characters. */
export const NAME_MAX = 128;

export const ChatState = Type.Enum(['waiting', 'chatting', 'ended']);
export const Typing = Type.Enum(['typing', 'not-typing', 'unknown']);
export const TextType = Type.Enum(['plain', 'html', 'rich-content']);
export const SubType = Type.Enum(['REGULAR', 'ONLY_TO_REP']);
export const Speaker = Type.Enum(['system', 'agent', 'visitor']);

const eventHead = {
  id: stringly(attribute(Type.Integer({ minimum: 0, description: 'Place in the feed, from 0.' }))),
};

/** The chat's state changed. */
export const StateEvent = named(
  'StateEvent',
  Type.Object({
    ...eventHead,
    type: attribute(Type.Literal('state')),
    time: instant(),
    state: ChatState,
  }),
);

/** Somebody said something. */
export const LineEvent = named(
  'LineEvent',
  Type.Object({
    ...eventHead,
    type: attribute(Type.Literal('line')),
    time: instant(),
    textType: TextType,
    text: Type.String(),
    by: Type.String({ description: "The speaker's name; `info` for the system." }),
    source: Speaker,
    systemMessageId: Type.Optional(Type.Integer({ description: 'Which system text it is.' })),
    subType: SubType,
    json: Type.Optional(free('Structured content of a rich-content line.')),
  }),
);

/** Somebody joined the chat beside its agent, or left it. */
export const CollaborationEvent = named(
  'CollaborationEvent',
  Type.Object({
    ...eventHead,
    type: attribute(Type.Literal('collaboration')),
    time: instant(),
    action: Type.Enum(['joined', 'left']),
    role: Type.Enum(['assistant', 'listener']),
    by: Type.String({ description: 'The name of who joined or left.' }),
    agentId: Type.Optional(id()),
  }),
);

/** An entry of a chat's feed. */
export const ChatEvent = named(
  'ChatEvent',
  choice('type', [StateEvent, LineEvent, CollaborationEvent]),
);
export type ChatEvent = Type.Static<typeof ChatEvent>;

/** Events from one place of the feed on, with links `self` and `next`. */
export const Events = named('Events', Type.Object({ link: links(), event: list(ChatEvent) }));

/** The facts of a chat. Optional ones are absent when unknown. */
export const ChatInfo = named(
  'ChatInfo',
  Type.Object({
    link: links(),
    state: ChatState,
    chatSessionKey: Type.String({ description: 'The chat id.' }),
    skillName: Type.Optional(Type.String()),
    skillId: Type.Optional(Type.Integer()),
    agentName: Type.Optional(Type.String()),
    agentId: Type.Optional(Type.Integer()),
    startTime: instant(),
    duration: Type.Integer({ description: 'Seconds.' }),
    lastUpdate: instant(),
    chatTimeout: Type.Integer({ description: 'Seconds of silence after which the chat ends.' }),
    visitorId: numberOrText('A number, unless the visitor came with an id that is none.'),
    agentTyping: Typing,
    visitorTyping: Typing,
    visitorName: Type.String(),
    rtSessionId: Type.Optional(Type.Integer()),
    sharkVisitorId: Type.Optional(Type.String()),
    sharkSessionId: Type.Optional(Type.String()),
    sharkContextId: Type.Optional(Type.String()),
    engagementId: Type.Optional(Type.Integer()),
    campaignId: Type.Optional(Type.Integer()),
    language: Type.Optional(Type.String()),
    participantId: Type.Optional(Type.String({ description: 'Only of an authenticated visitor.' })),
  }),
);
export type ChatInfo = Type.Static<typeof ChatInfo>;

const ChatResources = Type.Object({ link: links(), events: Events, info: ChatInfo });

export const chatDocument = defineDocument({
  name: 'chat',
  root: 'chat',
  spelling: 'attributes',
  description: 'A chat: its links, its events from one place on, its info.',
  schema: ChatResources,
});
export type ChatDocument = DocumentValue<typeof chatDocument>;

export const chatsDocument = defineDocument({
  name: 'chats',
  root: 'chats',
  spelling: 'plain',
  description: 'Several chats of an agent session, each from its own place on.',
  schema: Type.Object({ chat: list(ChatResources) }),
});

export const eventsDocument = defineDocument({
  name: 'events',
  root: 'events',
  spelling: 'attributes',
  description: 'The events of a chat from one place on.',
  schema: Events,
});
export type EventsDocument = DocumentValue<typeof eventsDocument>;

export const eventDocument = defineDocument({
  name: 'event',
  root: 'event',
  spelling: 'attributes',
  description: 'One event of a chat.',
  schema: ChatEvent,
});

/** A line that a client adds. A rich-content line needs its content, any other its text. */
const NewLine = Type.Refine(
  Type.Object({
    type: attribute(Type.Literal('line')),
    text: annotate(text(LINE_MAX), { default: '' }),
    textType: annotate(TextType, { default: 'plain' }),
    subType: annotate(SubType, { default: 'REGULAR' }),
    json: Type.Optional(free('Structured content; textType must be rich-content.')),
  }),
  (line) => line.text !== '' || (line.textType === 'rich-content' && line.json !== undefined),
  () => 'needs a text that is not empty (a rich-content line: its content in json)',
);

/** The end of the chat, as a client asks for it. */
const NewState = Type.Object({
  type: attribute(Type.Literal('state')),
  state: Type.Literal('ended'),
});

export const newEventDocument = defineDocument({
  name: 'newEvent',
  root: 'event',
  spelling: 'attributes',
  description: 'A line to add, or the wish to end the chat.',
  schema: choice('type', [NewLine, NewState]),
});
export type NewEvent = DocumentValue<typeof newEventDocument>;

export const chatLocationDocument = defineDocument({
  name: 'chatLocation',
  root: 'chatLocation',
  spelling: 'attributes',
  description: 'Where the chat is.',
  schema: Type.Object({ link: Link }),
});

export const chatEventLocationDocument = defineDocument({
  name: 'chatEventLocation',
  root: 'chatEventLocation',
  spelling: 'attributes',
  description: 'Where the new event is. After the end of the chat the link stands there twice.',
  schema: Type.Object({
    link: Link,
    chatLocation: Type.Optional(beside(Type.Object({ link: Link }))),
  }),
});

export const chatInfoDocument = defineDocument({
  name: 'chatInfo',
  root: 'info',
  spelling: 'plain',
  description: 'The facts of a chat, fetched alone.',
  schema: ChatInfo,
});

export const visitorNameDocument = defineDocument({
  name: 'visitorName',
  root: 'visitorName',
  spelling: 'attributes',
  description: "The visitor's name in this chat.",
  schema: nameText(NAME_MAX),
});

export const visitorTypingDocument = defineDocument({
  name: 'visitorTyping',
  root: 'visitorTyping',
  spelling: 'attributes',
  description: 'Whether the visitor is typing.',
  schema: Typing,
});

export const agentTypingDocument = defineDocument({
  name: 'agentTyping',
  root: 'agentTyping',
  spelling: 'attributes',
  description: 'Whether the agent is typing.',
  schema: Typing,
});
