/** A chat as agents and visitors see it: its resources, its events, its info. */
import Type, { type TSchema } from 'typebox';
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
export const Typing = Type.Enum(['typing', 'not-typing']);
export const TextType = Type.Enum(['plain', 'html', 'rich-content']);
export const SubType = Type.Enum(['REGULAR', 'ONLY_TO_REP']);
export const Speaker = Type.Enum(['system', 'agent', 'visitor']);

/** How a document writes a number that others write otherwise. */
type NumberForm = <S extends TSchema>(schema: S) => S;

const asNumber: NumberForm = (schema) => schema;
const asText: NumberForm = stringly;

/**
 * The events of a chat, as one kind of document writes them: their numbers are texts here and numbers
 * there, as in the original, whose clients read them so.
 * @param part prefix of the schemas' names
 */
function feedWith(part: string, form: { readonly id: NumberForm; readonly messageId: NumberForm }) {
  const head = {
    id: form.id(attribute(Type.Integer({ minimum: 0, description: 'Place in the feed, from 0.' }))),
  };
  const messageId = form.messageId(Type.Integer({ description: 'Which system text it is.' }));

  /** The chat's state changed. */
  const StateEvent = named(
    `${part}StateEvent`,
    Type.Object({
      ...head,
      type: attribute(Type.Literal('state')),
      time: instant(),
      state: ChatState,
    }),
  );

  /** A line that somebody said. */
  const LineEvent = named(
    `${part}LineEvent`,
    Type.Object({
      ...head,
      type: attribute(Type.Literal('line')),
      time: instant(),
      textType: TextType,
      text: Type.String(),
      by: Type.String({ description: "The speaker's name; `info` for the system." }),
      source: Speaker,
      systemMessageId: Type.Optional(messageId),
      subType: SubType,
      json: Type.Optional(free('Structured content of a rich-content line.')),
    }),
  );

  /** Somebody joined the chat beside its agent, or left it. */
  const CollaborationEvent = named(
    `${part}CollaborationEvent`,
    Type.Object({
      ...head,
      type: attribute(Type.Literal('collaboration')),
      time: instant(),
      action: Type.Enum(['joined', 'left']),
      role: Type.Enum(['assistant', 'listener', 'supervisor']),
      by: Type.String({ description: 'The name of the person who joined or left.' }),
      agentId: Type.Optional(id()),
    }),
  );

  /** An entry of a chat's feed. */
  const ChatEvent = named(
    `${part}ChatEvent`,
    choice('type', [StateEvent, LineEvent, CollaborationEvent]),
  );

  /** Events from one place of the feed on, with links `self` and `next`. */
  const Events = named(`${part}Events`, Type.Object({ link: links(), event: list(ChatEvent) }));
  return { ChatEvent, Events };
}

/** Of chat resources, and of what agents read of the events alone. */
const feed = feedWith('', { id: asText, messageId: asNumber });
/** Of what visitors read of the events alone. */
const visitorsFeed = feedWith('Visitor', { id: asText, messageId: asText });
/** Of several chats in one document. */
const severalFeed = feedWith('Several', { id: asNumber, messageId: asText });

/** An entry of a chat's feed. */
export type ChatEvent = Type.Static<typeof feed.ChatEvent>;

/**
 * The facts of a chat, as one kind of document writes them. Optional ones are absent when unknown.
 * @param part name of the schema
 * @param form how the ids are written that the visitor's page brought along
 */
function infoWith(part: string, form: NumberForm) {
  const broughtId = () => Type.Optional(form(numberOrText('A number if the value is numeric.')));
  return named(
    part,
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
      visitorId: numberOrText('A number, unless the visitor brought an id that is not numeric.'),
      agentTyping: Typing,
      visitorTyping: Typing,
      visitorName: Type.String(),
      rtSessionId: Type.Optional(Type.Integer()),
      sharkVisitorId: Type.Optional(Type.String()),
      sharkSessionId: Type.Optional(Type.String()),
      sharkContextId: broughtId(),
      engagementId: broughtId(),
      campaignId: broughtId(),
      language: Type.Optional(Type.String()),
      participantId: Type.Optional(
        Type.String({ description: 'Only for an authenticated visitor.' }),
      ),
      agentRead: Type.Optional(
        Type.Integer({ description: 'Id of the last event that the agent reported as read.' }),
      ),
      queuePosition: Type.Optional(
        Type.Integer({
          description: 'For the visitor of a waiting chat: the place in the queue. 1 is next.',
        }),
      ),
      estimatedWait: Type.Optional(
        Type.Integer({
          description:
            'For the visitor of a waiting chat: seconds. -1: nobody is online; -2: not known yet.',
        }),
      ),
      visitorRead: Type.Optional(
        Type.Integer({ description: 'Id of the last event that the visitor reported as read.' }),
      ),
    }),
  );
}

const ChatInfo = infoWith('ChatInfo', asNumber);
export type ChatInfo = Type.Static<typeof ChatInfo>;

const ChatResources = Type.Object({ link: links(), events: feed.Events, info: ChatInfo });

export const chatDocument = defineDocument({
  name: 'chat',
  root: 'chat',
  style: 'attributes',
  description: 'A chat: its links, its events from one position on, and its info.',
  schema: ChatResources,
});
export type ChatDocument = DocumentValue<typeof chatDocument>;

export const chatsDocument = defineDocument({
  name: 'chats',
  root: 'chats',
  style: 'plain',
  description: 'Several chats of an agent session, each from its own position.',
  schema: Type.Object({
    chat: list(
      Type.Object({
        link: links(),
        role: Type.Optional(
          Type.Enum(['agent', 'assistant', 'listener', 'supervisor'], {
            description: 'The agent’s role in the chat. Present when the request named no chats.',
          }),
        ),
        events: severalFeed.Events,
        info: ChatInfo,
      }),
    ),
  }),
});

export const eventsDocument = defineDocument({
  name: 'events',
  root: 'events',
  style: 'attributes',
  description: 'The events of a chat from one position on.',
  schema: feed.Events,
});
export type EventsDocument = DocumentValue<typeof eventsDocument>;

export const eventDocument = defineDocument({
  name: 'event',
  root: 'event',
  style: 'attributes',
  description: 'One event of a chat.',
  schema: feed.ChatEvent,
});

export const visitorEventsDocument = defineDocument({
  name: 'visitorEvents',
  root: 'events',
  style: 'attributes',
  description: 'The events of a chat from one position on, as its visitor sees them.',
  schema: visitorsFeed.Events,
});

export const visitorEventDocument = defineDocument({
  name: 'visitorEvent',
  root: 'event',
  style: 'attributes',
  description: 'One event of a chat, as its visitor sees it.',
  schema: visitorsFeed.ChatEvent,
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

/** What the original's browser SDK says of a line that it got; none of it is refused. */
const LineStatus = Type.Object({
  type: attribute(Type.Literal('line-status')),
  lineStatus: Type.Optional(free('The status, in one word.')),
  refSequenceId: Type.Optional(free('Id of the event. Anything but a number is ignored.')),
  metadata: Type.Optional(free('Accepted, but not stored.')),
});

export const newEventDocument = defineDocument({
  name: 'newEvent',
  root: 'event',
  style: 'attributes',
  description:
    'A line to add, a request to end the chat, or a report of the last line that was read.',
  schema: choice('type', [NewLine, NewState, LineStatus]),
});
export type NewEvent = DocumentValue<typeof newEventDocument>;

export const chatLocationDocument = defineDocument({
  name: 'chatLocation',
  root: 'chatLocation',
  style: 'attributes',
  description: 'The address of the chat.',
  schema: Type.Object({ link: Link }),
});

export const chatEventLocationDocument = defineDocument({
  name: 'chatEventLocation',
  root: 'chatEventLocation',
  style: 'attributes',
  description: 'The address of the new event. After the end of the chat it appears twice.',
  schema: Type.Object({
    link: Link,
    chatLocation: Type.Optional(beside(Type.Object({ link: Link }))),
  }),
});

export const chatInfoDocument = defineDocument({
  name: 'chatInfo',
  root: 'info',
  style: 'plain',
  description: 'The info of a chat, fetched on its own.',
  schema: ChatInfo,
});

export const visitorChatInfoDocument = defineDocument({
  name: 'visitorChatInfo',
  root: 'info',
  style: 'plain',
  description: 'The info of a chat for its visitor, fetched on its own.',
  schema: infoWith('VisitorChatInfo', asText),
});

export const readDocument = defineDocument({
  name: 'read',
  root: 'read',
  style: 'attributes',
  description: 'Id of the last event that was read.',
  schema: Type.Integer({ minimum: 0 }),
});

export const visitorNameDocument = defineDocument({
  name: 'visitorName',
  root: 'visitorName',
  style: 'attributes',
  description: 'The visitor’s name in this chat.',
  schema: nameText(NAME_MAX),
});

export const visitorTypingDocument = defineDocument({
  name: 'visitorTyping',
  root: 'visitorTyping',
  style: 'attributes',
  description: 'Whether the visitor is typing.',
  schema: Typing,
});

/** Longest preview, in characters. */
export const PREVIEW_MAX = 2_000;

export const typingPreviewDocument = defineDocument({
  name: 'typingPreview',
  root: null,
  style: 'attributes',
  description: 'What somebody is about to say, beside that they are typing.',
  schema: Type.Object({ preview: Type.Optional(text(PREVIEW_MAX)) }),
});

export const agentTypingDocument = defineDocument({
  name: 'agentTyping',
  root: 'agentTyping',
  style: 'attributes',
  description: 'Whether the agent is typing.',
  schema: Typing,
});
