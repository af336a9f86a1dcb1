/** Who is in a chat beside its agent, and who is asked to be (rules COLLAB…). */
import { answerCreated, answerEmpty, answerLive, answerTagged, refuseCall } from '../http/reply.js';
import { pathParam } from '../http/query.js';
import { readBody } from '../http/read-body.js';
import { execute } from '../http/execute.js';
import type { Chat, ChatParticipant, CommandType, Offer, Replies } from '@parley/engine';
import {
  chatLocationDocument,
  channelLocationDocument,
  type CollaborationChannel,
  collaborationChannelDocument,
  collaborationChannelsDocument,
  formatTime,
  type Link,
  newCollaborationChannelDocument,
  REL,
  WireError,
} from '@parley/protocol';
import { randomDigits } from '@parley/configuration/secrets/tokens';
import type { Answer } from '../http/answer.js';
import type { AccountCall } from '../http/call.js';
import { TAGGED } from '../http/entity-tag.js';
import type { Operation } from '../http/operation.js';
import type { AgentChatCall } from './authorize.js';

/** Digits of a channel id. */
const CHANNEL_DIGITS = 12;

export const getChannels: Operation<AgentChatCall> = {
  summary: 'Who of the account is in the chat, in which role, and who is asked to come.',
  description:
    'Whoever is in the chat reads it, and whoever supervises it. Visitors never do: of those beside the agent they know assistants alone, by what they say.',
  ...TAGGED,
  answers: { 200: collaborationChannelsDocument, 304: null },
  handle(call) {
    const link = [{ href: channelsUri(call), rel: REL.self }];
    const value = { link, channel: channelsOf(call) };
    return answerTagged(call, collaborationChannelsDocument, value, call.chat.seq);
  },
};

export const getChannel: Operation<AgentChatCall> = {
  summary: 'One who is in the chat, or is asked to come.',
  answers: { 200: collaborationChannelDocument },
  handle(call) {
    const found = channelsOf(call).find(({ id }) => id === pathParam(call, 'channel'));
    if (found === undefined) return refuseCall(call, noChannel());
    return answerLive(call, collaborationChannelDocument, found, call.chat.seq);
  },
};

export const openChannel: Operation<AgentChatCall> = {
  summary: 'Invites an agent, a bot, or whoever is free of a skill; or comes in to supervise.',
  description:
    'The agent of the chat invites, and who supervises it. It rings as a chat does, with its role and text, for as long as chats ring; of a skill one after another is asked, until one comes or nobody is left. An assistant speaks to the visitor under their own name, and counts for their maxChats; a listener only whispers, and counts for nothing.\n\n{"channel":{"role":"supervisor"}} is for administrators, and for managers in chats of their groups: they come in at once, hear everything, whisper, and are seen by the visitor in nothing, until they take the chat over.',
  body: newCollaborationChannelDocument,
  answers: { 201: channelLocationDocument },
  gives: ['Location'],
  retry: { name: 'invitation', caller: 'user', again: openedAgain },
  errors: [
    'forbidden',
    'chatEnded',
    'chatElsewhere',
    'conflict',
    'agentUnavailable',
    'skillUnavailable',
  ],
  async handle(call) {
    const { agentId, skillId, role, text } = readBody(call, newCollaborationChannelDocument);
    const { chat, session } = call;
    const of = { chatId: chat.id, sessionId: session.id };
    const newId = randomDigits(CHANNEL_DIGITS);
    if (role === 'supervisor') {
      const { channel } = await execute<'chat.watch'>(call, { type: 'chat.watch', ...of }, newId);
      return located(call, call.uri, channel);
    }
    const to = agentId === undefined ? { skillId: skillId ?? 0 } : { userId: agentId };
    const invite = { type: 'chat.invite', ...of, role, to, text: text || null } as const;
    const { channel } = await execute<'chat.invite'>(call, invite, newId);
    return located(call, call.uri, channel);
  },
};

export const closeChannel: Operation<AgentChatCall> = {
  summary: 'Leaves the chat, sends somebody away, or takes an invitation back.',
  description:
    'Whoever came in by the channel leaves by it. The agent sends away whoever was invited, and so does who supervises the chat. The agent leaves by a transfer.',
  answers: { 200: null },
  errors: ['forbidden', 'chatEnded', 'chatElsewhere'],
  async handle(call) {
    await execute<'chat.closeChannel'>(call, {
      type: 'chat.closeChannel',
      chatId: call.chat.id,
      sessionId: call.session.id,
      channel: pathParam(call, 'channel'),
    });
    return answerEmpty(call);
  },
};

export const takeOverChat: Operation<AgentChatCall> = {
  summary: 'Takes the chat over: whoever supervises it becomes its agent.',
  description:
    'Whoever had it has it no more, and whoever writes to it gets 409, which says whose it is. A chat that waits or rings is taken out of its queue. The visitor reads whom they are chatting with now.',
  answers: { 201: chatLocationDocument },
  gives: ['Location'],
  retry: {
    name: 'takeover',
    caller: 'user',
    again: (call, _reply, uri) => taken(call, uri),
  },
  errors: ['forbidden', 'chatEnded', 'chatElsewhere', 'agentUnavailable'],
  async handle(call) {
    await execute<'chat.takeOver'>(call, {
      type: 'chat.takeOver',
      chatId: call.chat.id,
      sessionId: call.session.id,
    });
    return taken(call, call.uri);
  },
};

function taken(call: AccountCall, href: string): Answer {
  return answerCreated(call, chatLocationDocument, { link: { href, rel: REL.location } }, href);
}

function channelsUri({ uri }: AgentChatCall): string {
  return `${uri}/collaborationChannels`;
}

function located(call: AccountCall, uri: string, channel: string): Answer {
  const href = `${uri}/collaborationChannels/${channel}`;
  return answerCreated(call, channelLocationDocument, { link: { href, rel: REL.location } }, href);
}

function openedAgain(call: AccountCall, reply: Replies[CommandType], uri: string): Answer {
  if (!('channel' in reply)) throw new Error('no channel was answered to this request');
  return located(call, uri, reply.channel);
}

function noChannel(): WireError {
  return new WireError(
    'notFound',
    'There is no such collaboration channel in this chat: read collaborationChannels for those there are.',
  );
}

/** Those who are in it, then those who are asked. */
function channelsOf(call: AgentChatCall): CollaborationChannel[] {
  const { participants, offers }: Chat = call.chat;
  return [
    ...participants.map((each) => joinedChannel(call, each)),
    ...offers.flatMap((offer) => ringingChannel(call, offer)),
  ];
}

function joinedChannel(
  call: AgentChatCall,
  { userId, role, since, channel = 'agent' }: ChatParticipant,
): CollaborationChannel {
  return { ...headOf(call, channel, userId, since), role, state: 'joined' };
}

/** The offer to be the chat's agent is none: nobody in the chat invited them. */
function ringingChannel(
  call: AgentChatCall,
  { userId, role, since, invitation }: Offer,
): readonly CollaborationChannel[] {
  if (invitation === undefined) return [];
  const { channel, skillId, byUserId, text } = invitation;
  return [
    {
      ...headOf(call, channel, userId, since),
      role,
      state: 'ringing',
      ...(skillId === null ? {} : { skillId }),
      ...(byUserId === null ? {} : { invitedBy: byUserId }),
      ...(text === null ? {} : { text }),
    },
  ];
}

function headOf(call: AgentChatCall, channel: string, userId: number, since: number) {
  const { config } = call.account.host;
  const href = `${channelsUri(call)}/${channel}`;
  const link: Link[] = [{ href, rel: REL.self }];
  return {
    link,
    id: channel,
    agentId: userId,
    name: config.users.get(userId)?.nickname ?? '',
    since: formatTime(since, config.settings.timeZone),
  };
}
