/** The streams of agent sessions and of visitors' chats (extensions.md, "Push on the same resources"). */
import type { SessionCall } from '../agent/authorize.js';
import type { AccountCall } from '../http/call.js';
import type { Parameter } from '@parley/protocol';
import type { Operation } from '../http/operation.js';
import type { StreamAnswer, StreamReader } from '../http/stream.js';
import type { VisitorChatCall } from '../visitor/authorize.js';

const POSITION = 'Where the reader was: the position of the last frame that it got.';

const POSITION_QUERY: Readonly<Record<'position', Parameter>> = {
  position: { description: POSITION, schema: { type: 'string' } },
};

const LAST_EVENT_ID: Readonly<Record<'last-event-id', Parameter>> = {
  'last-event-id': {
    description: `${POSITION} Browsers send it by themselves when they come again.`,
    schema: { type: 'string' },
  },
};

const FRAMES =
  'The first frame is hello. From then on events come as soon as they are on disk, per chat in order and without a gap, from the position next of the chat on; what is before is read as ever. Frames have an id: whoever brings the last one again gets what came since, or a frame resync when that is too long ago. Every fifteen seconds comes a comment. The last frame is bye, and says why.\n\nA stream is no sign of life of its reader, since proxies keep dead ones open: make any call in time besides.';

/** GET …/stream, of whoever this says. */
function streamOf<C extends AccountCall>(
  whose: string,
  reader: (call: C) => StreamReader,
): Operation<C> {
  return {
    summary: `All that concerns ${whose}, as server-sent events.`,
    description: FRAMES,
    stream: 'sse',
    query: POSITION_QUERY,
    headers: LAST_EVENT_ID,
    answers: { 200: null },
    errors: ['invalidQuery', 'tooManyRequests'],
    handle: (call) => streamAnswer(call, 'sse', reader(call)),
  };
}

export function streamAnswer(
  call: AccountCall,
  over: StreamAnswer['over'],
  reader: StreamReader,
): StreamAnswer {
  const given = call.request.headers['last-event-id'];
  const position = call.query('position') || (typeof given === 'string' ? given : '') || undefined;
  return { kind: 'stream', over, account: call.account, reader, position };
}

export const readerOfSession = ({ session, sessionUri }: SessionCall): StreamReader => ({
  by: 'agent',
  session,
  uri: sessionUri,
});

export const readerOfChat = ({ chat, uri }: VisitorChatCall): StreamReader => ({
  by: 'visitor',
  chat,
  uri,
});

export const getSessionStream = streamOf('the agent session', readerOfSession);
export const getChatStream = streamOf('the chat', readerOfChat);
