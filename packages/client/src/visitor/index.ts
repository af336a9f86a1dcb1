/** `@parley/client/visitor`: the visitor's side of a chat, for pages, apps and servers. */
import { docOf } from '../core/document.js';
import { newKey } from '../core/keys.js';
import { type Answers, type Survey, writeAnswers } from '../core/survey.js';
import { VisitorChat } from './chat.js';
import type { SavedChat } from './chat-types.js';
import {
  ask,
  type ChatStart,
  estimatedWait,
  type For,
  noneFor404,
  requestChat,
  surveyBefore,
  VisitorCalls,
  type VisitorOptions,
} from './visitor.js';

/** What a page can do before there is a chat. */
export interface Visitor {
  /** Whether an agent is available. */
  isAvailable(whom?: For, signal?: AbortSignal): Promise<boolean>;
  /** Seconds until an agent answers: 0: now, -1: nobody is online, -2: not known. */
  estimatedWait(skill?: string, signal?: AbortSignal): Promise<number>;
  /** The survey to fill in before a chat; null when there is none. */
  preChatSurvey(skill?: string, signal?: AbortSignal): Promise<Survey | null>;
  /** The survey to fill in while nobody is online; null when there is none. */
  offlineSurvey(skill?: string, signal?: AbortSignal): Promise<Survey | null>;
  /** Leaves a message while nobody is online. @throws RefusedError 400, naming the question that is wrong */
  submitOfflineSurvey(
    answers: Answers,
    about?: Pick<ChatStart, 'skill' | 'visitorId' | 'chatReferrer'>,
    signal?: AbortSignal,
  ): Promise<void>;
  /** Requests a chat; see `startChat`. */
  startChat(start?: ChatStart): Promise<VisitorChat>;
  /** Continues a chat; see `resumeChat`. */
  resumeChat(saved: SavedChat): Promise<VisitorChat | null>;
}

/** A visitor of an account. Nothing is sent before the first call. */
export function visitor(options: VisitorOptions): Visitor {
  const calls = new VisitorCalls(options);
  return {
    async isAvailable(whom = {}, signal) {
      const body = await ask(calls, 'chat-availability', whom, signal);
      return docOf(body)['availability'] === true;
    },
    estimatedWait: (skill, signal) => estimatedWait(calls, skill, signal),
    preChatSurvey: (skill, signal) => surveyBefore(calls, 'prechat-survey', skill, signal),
    offlineSurvey: (skill, signal) => surveyBefore(calls, 'chat-offline-survey', skill, signal),
    async submitOfflineSurvey(answers, about, signal) {
      const body = { ...writeAnswers(answers), ...about };
      const href = await calls.link('chat-offline-survey');
      await calls.send(href, { method: 'PUT', body, key: newKey(), signal });
    },
    async startChat(start = {}) {
      const uri = await requestChat(calls, start);
      const chat = await VisitorChat.at(options, uri);
      if (start.firstLine !== undefined) chat.say(start.firstLine).catch(() => {});
      return chat;
    },
    resumeChat: (saved) => VisitorChat.at({ ...options, ...saved }, saved.uri).catch(noneFor404),
  };
}

/**
 * Requests a chat.
 * @returns when the chat waits for an agent
 * @throws RefusedError: 400 names the wrong answer or field, 409 with the `reason` `no-available-agents` says
 * that nobody is online; UnreachableError. If no server answers, the call waits for one: pass a signal to limit
 * the wait.
 */
export function startChat(options: VisitorOptions & ChatStart): Promise<VisitorChat> {
  return visitor(options).startChat(options);
}

/**
 * Continues a chat after a reload or on another page; lines that were not stored yet are sent.
 * @param saved what `chat.saved()` returned
 * @returns null when the chat ended too long ago to be read
 */
export function resumeChat(
  saved: SavedChat,
  options: Omit<VisitorOptions, keyof SavedChat> = {},
): Promise<VisitorChat | null> {
  return visitor({ ...saved, ...options }).resumeChat(saved);
}

export type { VisitorChat } from './chat.js';
export type {
  Queue,
  SavedChat,
  SayOptions,
  SentLine,
  VisitorChatEnd,
  VisitorChatEvents,
} from './chat-types.js';
export { type ChatPage, type PageOptions, transcriptPage } from './page.js';
export type { ChatStart, For, VisitorOptions } from './visitor.js';
export {
  LoginError,
  ParleyError,
  RefusedError,
  UnexpectedAnswerError,
  UnreachableError,
} from '../core/errors.js';
export type { Clock } from '../core/clock.js';
export type { Connection, Via } from '../core/connection.js';
export type { Doc } from '../core/document.js';
export type { ErrorFacts } from '../core/errors.js';
export type { Listener } from '../core/events.js';
export type { ChatEvent, ChatInfo, Line } from '../core/feed.js';
export type { Fetch, FetchInit } from '../core/http.js';
export type { KeyValueStorage, Pending } from '../core/outbox.js';
export type { Carrier, Frame, Listen, Streamed, StreamHttp } from '../core/stream.js';
export {
  type Answers,
  type Survey,
  type SurveyEntry,
  type SurveyQuestion,
  shownQuestions,
} from '../core/survey.js';
