/** A visit, as the agent who chats with the visitor sees it. */
import Type from 'typebox';
import {
  Link,
  address,
  annotate,
  attribute,
  instant,
  links,
  list,
  numberOrText,
  stringly,
  textNode,
  xmlAttribute,
} from '../annotations.js';
import { defineDocument } from '../document.js';
import { Question } from './survey.js';

export const visitDocument = defineDocument({
  name: 'visit',
  root: 'visitId',
  style: 'attributes',
  description: 'The links of a visit: info, custom-variables, pages, surveys, earlier-chats.',
  schema: Type.Object({ link: links() }),
});

const fact = stringly(textNode(numberOrText('In HAL, numbers and times have their own types.')));
const FactOfTime = annotate(fact, { 'x-wire': { instant: 'iso' } });

/** Named facts: `{"info":[{"@name":"…","$":"…"}]}`. */
const facts = (value: typeof fact) =>
  list(Type.Object({ name: attribute(Type.String()), value }), { item: 'info' });

export const visitInfoDocument = defineDocument({
  name: 'visitInfo',
  root: 'visitInfo',
  style: 'attributes',
  description:
    'Describes the visit: who the visitor is, their device and place, and when the visit began.',
  schema: Type.Object({
    link: Link,
    isInCurrentChat: Type.Boolean(),
    visitorId: numberOrText(),
    sessionInfo: facts(fact),
    visitorInfo: facts(fact),
    time: facts(FactOfTime),
  }),
});

export const customVariablesDocument = defineDocument({
  name: 'customVariables',
  root: 'customVariables',
  style: 'attributes',
  description: 'The variables given for the visit.',
  schema: Type.Object({
    link: Link,
    customVariable: list(
      Type.Object({
        source: attribute(Type.String()),
        scope: attribute(Type.String()),
        name: Type.String(),
        time: instant(),
        displayName: Type.String(),
        value: Type.String(),
      }),
    ),
  }),
});

export const visitPagesDocument = defineDocument({
  name: 'visitPages',
  root: 'pages',
  style: 'attributes',
  description: 'The pages of the visit, newest first.',
  schema: Type.Object({
    link: Link,
    page: list(
      Type.Object({
        url: address('page', 2_000),
        title: Type.Optional(Type.String()),
        referrer: Type.Optional(address('page', 2_000)),
        time: instant(),
        timeOnPage: Type.Optional(Type.Integer({ description: 'Seconds.' })),
      }),
    ),
  }),
});

export const visitSurveysDocument = defineDocument({
  name: 'visitSurveys',
  root: 'surveys',
  style: 'attributes',
  description: 'The visitor’s answers to the pre-chat survey.',
  schema: Type.Object({
    link: Link,
    survey: list(
      Type.Object({
        id: xmlAttribute(Type.Integer()),
        title: Type.String(),
        header: Type.String(),
        questions: list(Question, { item: 'question', always: true }),
      }),
    ),
  }),
});

export const earlierChatsDocument = defineDocument({
  name: 'earlierChats',
  root: 'earlierChats',
  style: 'attributes',
  description: "The visitor's earlier chats, newest first.",
  schema: Type.Object({
    link: Link,
    chat: list(
      Type.Object({
        link: Link,
        chatSessionKey: Type.String(),
        startTime: instant(),
        endTime: Type.Optional(instant()),
      }),
    ),
  }),
});
