/** What the examples have in common: one chat of the demo account's. */
import { type ChatInfo, type EventsDocument, type Link, REL } from '../../index.js';

export const ACCOUNT = '12345678';
export const HOST = 'chat.example.com';
export const BASE = `https://${HOST}/api/account/${ACCOUNT}`;
export const CHAT_ID = 'H4790238-0f4c1a8e9b2d43c7a6e5d4c3b2a19080K7203655';
export const VISIT_ID = 'H4790238K7203655';
export const SESSION = `${BASE}/agentSession/739205618840275193`;
export const AGENTS_CHAT = `${SESSION}/chat/${CHAT_ID}`;
export const VISITORS_CHAT = `${BASE}/chat/${CHAT_ID}`;
export const VISIT = `${SESSION}/visits/visit/${VISIT_ID}`;

export const SALES = { id: 11, name: 'Sales' };
export const SUPPORT = { id: 12, name: 'Support' };

/** 2024-07-01, some seconds after noon in UTC, as an account in Athens writes it. */
export const at = (seconds: number): string =>
  `2024-07-01T15:00:${String(seconds).padStart(2, '0')}.000+03:00`;

export const epochMs = (seconds: number): number => Date.UTC(2024, 6, 1, 12, 0, seconds);

export const link = (href: string, rel: string): Link => ({ href, rel });

/** The chat's events, as read from the chat at `uri`. */
export const events = (uri: string, visitor: string): EventsDocument => ({
  link: [link(`${uri}/events`, REL.self), link(`${uri}/events?from=5`, REL.next)],
  event: [
    { id: 0, type: 'state', time: at(0), state: 'waiting' },
    {
      id: 1,
      type: 'line',
      time: at(0),
      textType: 'plain',
      text: 'Thank you for choosing to chat with us. An agent will be with you shortly.',
      by: 'info',
      source: 'system',
      systemMessageId: 4,
      subType: 'REGULAR',
    },
    { id: 2, type: 'state', time: at(8), state: 'chatting' },
    {
      id: 3,
      type: 'line',
      time: at(8),
      textType: 'plain',
      text: 'You are now chatting with Anna.',
      by: 'info',
      source: 'system',
      systemMessageId: 3,
      subType: 'REGULAR',
    },
    {
      id: 4,
      type: 'line',
      time: at(12),
      textType: 'plain',
      text: 'Hello, is the blue one in stock?',
      by: visitor,
      source: 'visitor',
      subType: 'REGULAR',
    },
  ],
});

/** The chat's info, as read from the chat at `uri`. */
export const info = (uri: string, visitorName: string): ChatInfo => ({
  link: [
    link(`${uri}/info`, REL.self),
    link(`${uri}/info/visitorName`, REL.visitorName),
    link(`${uri}/info/visitorTyping`, REL.visitorTyping),
    link(`${uri}/info/agentTyping`, REL.agentTyping),
  ],
  state: 'chatting',
  chatSessionKey: CHAT_ID,
  skillName: SALES.name,
  skillId: SALES.id,
  agentName: 'Anna',
  agentId: 101,
  startTime: at(0),
  duration: 14,
  lastUpdate: at(12),
  chatTimeout: 40,
  visitorId: 482_915_730_264_118,
  agentTyping: 'not-typing',
  visitorTyping: 'typing',
  visitorName,
  rtSessionId: 7_203_655,
  sharkContextId: 2,
  engagementId: 2_760_339_201,
  campaignId: 3_120_478_566,
  language: 'en-US',
  agentRead: 4,
});
