/** Examples of collaboration channels: an agent, and a bot that is asked to listen. */
import {
  channelLocationDocument,
  chatLocationDocument,
  type CollaborationChannel,
  collaborationChannelDocument,
  collaborationChannelsDocument,
  escalationDocument,
  incomingRequestsDocument,
  newCollaborationChannelDocument,
  REL,
  routingDocument,
  type RoutingWeighing,
  whatIfAnswerDocument,
  whatIfDocument,
} from '../../index.js';
import { sent, answered } from './example.js';
import { AGENTS_CHAT, at, link, SALES, SESSION, SUPPORT } from './values.js';

const CHANNELS = `${AGENTS_CHAT}/collaborationChannels`;
const CHANNEL = `${CHANNELS}/482205971133`;

const agent: CollaborationChannel = {
  link: [link(`${CHANNELS}/agent`, REL.self)],
  id: 'agent',
  agentId: 101,
  name: 'Anna',
  role: 'agent',
  state: 'joined',
  since: at(14),
};

const asked: CollaborationChannel = {
  link: [link(CHANNEL, REL.self)],
  id: '482205971133',
  agentId: 102,
  name: 'Ben',
  role: 'listener',
  state: 'ringing',
  since: at(59),
  invitedBy: 101,
  text: 'Is this one covered by the guarantee?',
};

const ben = { agentId: 102, name: 'Ben', load: 0.5, idle: 40 };

const weighing: RoutingWeighing = {
  ...{ open: true, agentId: 101, rule: 'queue' },
  candidate: [
    { agentId: 101, name: 'Anna', load: 0, idle: 75 },
    { ...ben, because: 'busier' },
    { agentId: 103, name: 'Shop bot', load: 0, idle: 0, because: 'offline' },
  ],
  attachmentRule: [
    { id: 7, name: 'Tips for Sales', action: 'attach', agentId: 103, because: 'language' },
  ],
};

export const COLLABORATION_ANSWERS = [
  answered(routingDocument, {
    link: [link(`${AGENTS_CHAT}/routing`, REL.self)],
    decision: [
      {
        ...{ time: at(4), agentId: 101, name: 'Anna', role: 'agent', rule: 'queue' },
        ...{ candidates: 2, load: 0, idle: 75 },
        passedOver: [{ ...ben, because: 'busier' }],
      },
    ],
  }),
  answered(whatIfAnswerDocument, weighing),
  answered(collaborationChannelsDocument, {
    link: [link(CHANNELS, REL.self)],
    channel: [agent, asked],
  }),
  answered(collaborationChannelDocument, asked),
  answered(channelLocationDocument, { link: link(CHANNEL, REL.location) }),
  answered(
    chatLocationDocument,
    { link: link(AGENTS_CHAT, REL.location) },
    { on: /\/takeOver$/, name: 'ofSupervisor' },
  ),
  answered(
    incomingRequestsDocument,
    {
      ringingCount: 1,
      link: link(`${SESSION}/incomingRequests`, REL.acceptNextChat),
      offer: [
        {
          id: '4711',
          role: 'listener',
          skillId: SALES.id,
          skillName: SALES.name,
          visitorName: 'Vera',
          text: 'Is this one covered by the guarantee?',
          invitedBy: 101,
          waited: 75,
          remaining: 20,
        },
      ],
    },
    { name: 'offers', summary: 'An invitation rings' },
  ),
];

export const COLLABORATION_BODIES = [
  sent(newCollaborationChannelDocument, 'ofAgent', 'An agent or a bot is invited to listen.', {
    channel: { agentId: 102, role: 'listener', text: 'Is this one covered by the guarantee?' },
  }),
  sent(
    newCollaborationChannelDocument,
    'ofSkill',
    'A free agent of a skill is invited to help, and speaks to the visitor.',
    { channel: { skillId: SUPPORT.id, role: 'assistant' } },
  ),
  sent(whatIfDocument, 'german', 'A visitor who speaks German, about Sales', {
    chat: { skillId: SALES.id, language: 'de-DE' },
  }),
  sent(escalationDocument, 'handOver', 'A bot hands over to people of another skill.', {
    escalation: { skillId: SUPPORT.id, text: 'Wants a refund for order 17.' },
  }),
  sent(escalationDocument, 'error', 'A bot failed, and says so.', {
    escalation: { reason: 'error', text: 'The shop’s order service does not answer.' },
  }),
];
