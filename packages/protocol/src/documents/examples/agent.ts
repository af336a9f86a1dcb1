/** Examples of agent sessions and agents' chats. */
import {
  agentInfoDocument,
  agentSessionDocument,
  agentSessionLocationDocument,
  agentTypingDocument,
  availabilityDocument,
  availableAgentsDocument,
  availableSlotsDocument,
  chatDocument,
  chatEventLocationDocument,
  chatInfoDocument,
  chatLocationDocument,
  chatSessionsDocument,
  chatsDocument,
  eventDocument,
  eventsDocument,
  incomingRequestsDocument,
  newAvailabilityDocument,
  newEventDocument,
  readDocument,
  REL,
  skillsDocument,
  ticketDocument,
  transferDocument,
  transferSkillsDocument,
  visitorNameDocument,
  visitorTypingDocument,
} from '../../index.js';
import { sent, answered } from './example.js';
import {
  AGENTS_CHAT,
  BASE,
  CHAT_ID,
  epochMs,
  events,
  info,
  link,
  SALES,
  SESSION,
  SUPPORT,
  VISIT,
} from './values.js';

const ON = /\/agentSession\//;
const EVENTS = /\/agentSession\/:session\/chat\/:chat\/events$/;
const OF = { on: ON, name: 'ofAgent' };

const chat = {
  link: [
    link(AGENTS_CHAT, REL.self),
    link(`${AGENTS_CHAT}/events`, REL.events),
    link(`${AGENTS_CHAT}/info`, REL.info),
    link(`${AGENTS_CHAT}?from=5`, REL.next),
    link(`${AGENTS_CHAT}/collaborationChannels`, REL.collaborationChannels),
    link(VISIT, REL.visitId),
    link(`${AGENTS_CHAT}/transfer`, REL.transfer),
    link(`${AGENTS_CHAT}/transferAccount`, REL.transferAccount),
    link(`${AGENTS_CHAT}/survey`, REL.agentSurvey),
    link(`${AGENTS_CHAT}/suggestions`, REL.suggestions),
    link(`${AGENTS_CHAT}/escalation`, REL.escalation),
    link(`${AGENTS_CHAT}/read`, REL.read),
    link(`${AGENTS_CHAT}/routing`, REL.routing),
  ],
  events: events(AGENTS_CHAT, 'visitor'),
  info: info(AGENTS_CHAT, 'visitor'),
};

const location = link(`${AGENTS_CHAT}/events/5`, REL.location);
const line = chat.events.event[4];

export const AGENT_ANSWERS = [
  answered(agentSessionLocationDocument, { link: link(SESSION, REL.location) }),
  answered(agentSessionDocument, {
    link: [
      link(SESSION, REL.self),
      link(`${SESSION}/availability`, REL.availability),
      link(`${SESSION}/info`, REL.info),
      link(`${SESSION}/incomingRequests`, REL.incomingRequests),
      link(`${SESSION}/availableAgents`, REL.availableAgents),
      link(`${SESSION}/chat/availableSlots`, REL.availableSlots),
      link(`${SESSION}/chatSessions`, REL.chatSessions),
      link(`${SESSION}/skills`, REL.skills),
      link(`${SESSION}/stream`, REL.stream),
      link(`${SESSION}/ws`, REL.webSocket),
      link(`${SESSION}/tickets`, REL.tickets),
      link(`${SESSION}/chat`, REL.chats),
      link(`${BASE}/approvals`, REL.approvals),
      link(`${SESSION}/delegations`, REL.delegations),
      link(`${SESSION}/cannedTexts`, REL.cannedTexts),
    ],
  }),
  answered(ticketDocument, { ticket: `${'5d54a1'.repeat(10)}0f0e`, expiresIn: 30 }),
  answered(availabilityDocument, { chat: 'Online', voice: 'Offline' }),
  answered(agentInfoDocument, {
    link: link(`${SESSION}/info`, REL.self),
    agentName: 'Anna',
    displayName: 'Anna Agent',
    loginName: 'agent1',
    id: 101,
    maxChats: 10,
    availability: { chat: 'Online', voice: 'Offline' },
    skillsInfo: [SALES, SUPPORT],
  }),
  answered(
    incomingRequestsDocument,
    {
      ringingCount: 1,
      link: link(`${SESSION}/incomingRequests`, REL.acceptNextChat),
      offer: [
        {
          id: '42',
          role: 'agent',
          skillId: SALES.id,
          skillName: SALES.name,
          visitorName: 'Vera',
          waited: 12,
          remaining: 18,
        },
      ],
    },
    { name: 'ringing', summary: 'One chat rings: POST to the link accepts it' },
  ),
  answered(
    incomingRequestsDocument,
    { ringingCount: 0, offer: [] },
    { name: 'silence', summary: 'No chat rings' },
  ),
  answered(
    chatLocationDocument,
    { link: link(AGENTS_CHAT, REL.location) },
    { ...OF, on: /\/incomingRequests$/ },
  ),
  answered(chatSessionsDocument, {
    chatSession: [
      {
        link: link(AGENTS_CHAT, REL.chatSession),
        chatSessionKey: CHAT_ID,
        startTime: epochMs(0),
      },
    ],
  }),
  answered(availableAgentsDocument, {
    agents: [
      {
        id: 101,
        chatState: 2,
        voiceState: 1,
        maxChats: 10,
        userName: 'agent1',
        nickname: 'Anna',
        email: 'agent1@example.com',
        privilegeGroup: 'agents',
        skills: [SALES.id, SUPPORT.id],
        skillsInfo: [SALES, SUPPORT],
        chats: 1,
        agentGroupName: 'Main Group',
        agentGroupId: 1,
        elapsedTimeInState: 908_445,
      },
    ],
    link: link(`${SESSION}/availableAgents?timeStamp=${epochMs(14)}`, REL.next),
  }),
  answered(availableSlotsDocument, 9),
  answered(skillsDocument, { skill: [SALES, SUPPORT] }),
  answered(chatDocument, chat, OF),
  answered(chatsDocument, { chat: [chat] }),
  answered(eventsDocument, chat.events, { ...OF, on: /\/agentSession\/:session\/chat\// }),
  ...(line === undefined ? [] : [answered(eventDocument, line, OF)]),
  answered(
    chatEventLocationDocument,
    { link: location },
    { on: ON, name: 'lineOfAgent', summary: 'After a line' },
  ),
  answered(
    chatEventLocationDocument,
    { link: location, chatLocation: { link: location } },
    { on: ON, name: 'endOfAgent', summary: 'After the end of the chat' },
  ),
  answered(
    chatLocationDocument,
    { link: location },
    { on: EVENTS, name: 'xmlEndOfAgent', summary: 'After the end of the chat, in XML' },
  ),
  answered(chatInfoDocument, chat.info, OF),
  answered(visitorNameDocument, 'visitor', OF),
  answered(visitorTypingDocument, 'typing'),
  answered(agentTypingDocument, 'not-typing'),
  answered(readDocument, 4),
  answered(transferSkillsDocument, { skill: [{ ...SUPPORT, onlineAgents: 1 }] }),
];

const card = {
  type: 'vertical',
  elements: [
    { type: 'text', text: 'The blue one, 49 €' },
    {
      type: 'button',
      title: 'Show it',
      click: { actions: [{ type: 'link', uri: 'https://shop.example.com/blue' }] },
    },
  ],
};

export const AGENT_BODIES = [
  sent(newAvailabilityDocument, 'away', 'No more chats for now', {
    availability: { chat: 'Away' },
  }),
  sent(newEventDocument, 'line', 'A line', { event: { '@type': 'line', text: 'Hello!' } }),
  sent(
    newEventDocument,
    'html',
    'A line of HTML, which is cleaned before it is kept',
    { event: { '@type': 'line', textType: 'html', text: 'It <b>is</b> in stock.' } },
    /agentSession/,
  ),
  sent(
    newEventDocument,
    'rich',
    'Structured content: a card with a button',
    {
      event: { '@type': 'line', textType: 'rich-content', text: 'The blue one', json: card },
    },
    /agentSession/,
  ),
  sent(
    newEventDocument,
    'whisper',
    'A line that the visitor never sees',
    { event: { '@type': 'line', text: 'Returning customer', subType: 'ONLY_TO_REP' } },
    /agentSession/,
  ),
  sent(newEventDocument, 'end', 'The end of the chat', {
    event: { '@type': 'state', state: 'ended' },
  }),
  sent(readDocument, 'read', 'The first line was read', { read: 1 }),
  sent(agentTypingDocument, 'typing', 'Renew it every few seconds', {
    agentTyping: 'typing',
  }),
  sent(transferDocument, 'skill', 'To a skill', {
    transfer: { skill: { id: 12 }, text: 'Wants a refund' },
  }),
  sent(transferDocument, 'agent', 'To an agent', { transfer: { agent: { id: 102 } } }),
];
