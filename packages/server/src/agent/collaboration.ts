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
  summary: 'Lists who from the account is in the chat, in which role, and who is invited.',
  description:
    'Open to everyone in the chat, and to those who supervise it. Visitors can never read it: besides the agent they know only assistants, by what those say.',
  ...TAGGED,
  answers: { 200: collaborationChannelsDocument, 304: null },
  handle(call) {
    const link = [{ href: channelsUri(call), rel: REL.self }];
    const value = { link, channel: channelsOf(call) };
    return answerTagged(call, collaborationChannelsDocument, value, call.chat.seq);
  },
};

export const getChannel: Operation<AgentChatCall> = {
  summary: 'Returns one participant of the chat, or one invitation.',
  answers: { 200: collaborationChannelDocument },
  handle(call) {
    const found = channelsOf(call).find(({ id }) => id === pathParam(call, 'channel'));
    if (found === undefined) return refuseCall(call, noChannel());
    return answerLive(call, collaborationChannelDocument, found, call.chat.seq);
  },
};

export const openChannel: Operation<AgentChatCall> = {
  summary:
    'Invites an agent, a bot, or any free agent of a skill; or joins the chat as supervisor.',
  description:
    'The agent of the chat can invite, and so can those who supervise it. An invitation rings just like a chat and for as long, with its role and text. The agents of a skill are asked one after another until one accepts or nobody is left. An assistant speaks to the visitor under their own name, and the chat counts toward their maxChats; a listener only whispers, and the chat does not count.\n\n{"channel":{"role":"supervisor"}} is for administrators, and for managers in chats of their groups. They join at once, see everything and can whisper. The visitor does not notice them until they take the chat over.',
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
  summary: 'Leaves the chat, removes a participant, or withdraws an invitation.',
  description:
    'Participants leave through the channel by which they joined. The agent can remove those who were invited, and so can those who supervise the chat. The agent leaves by a transfer.',
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
  summary: 'Takes the chat over: the supervisor becomes its agent.',
  description:
    'The previous agent no longer has the chat. If they write to it, they get 409, which names the agent who has it now. A waiting or ringing chat is taken out of its queue. The visitor is told whom they are chatting with now.',
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
