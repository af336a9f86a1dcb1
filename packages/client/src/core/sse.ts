/** Server-Sent Events, read with `fetch`, since a browser's `EventSource` can bring no credential. */
import { type Doc, plain } from './document.js';
import { UnexpectedAnswerError, WRONG_SERVER } from './errors.js';
import {
  type Frame,
  type Listen,
  listenTo,
  SILENCE_MS,
  type StreamHttp,
  type Streamed,
  type Transport,
} from './stream.js';

/** Listens by server-sent events, where there are any. */
export const bySse: Listen = async (http, streamed, signal) => {
  if (streamed.address('stream', '')) await listenTo(http, streamed, sse(http, streamed), signal);
};

export function sse(http: StreamHttp, streamed: Streamed): Transport {
  async function* open(position: string | null, stop: AbortController): AsyncGenerator<Frame> {
    const query = position === null ? '' : `position=${encodeURIComponent(position)}`;
    const address = () => streamed.address('stream', query) ?? '';
    const response = await http.stream(address, stop.signal);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    if (reader === undefined || !response.headers.get('content-type')?.includes('event-stream')) {
      throw new UnexpectedAnswerError('That is no stream.', WRONG_SERVER, { status: 406 });
    }
    for (let text = ''; ; ) {
      const cancel = http.clock.after(SILENCE_MS, () => stop.abort());
      const { done, value } = await reader.read().finally(cancel);
      if (done) return;
      text += value.replaceAll('\r', '');
      const messages = text.split('\n\n');
      text = messages.pop() ?? '';
      for (const message of messages) {
        const frame = frameOf(message);
        if (frame !== null) yield frame;
      }
    }
  }
  return { via: 'sse', open };
}

/** null for a comment. */
function frameOf(message: string): Frame | null {
  const fields: Record<string, string> = {};
  for (const [, name = '', value = ''] of message.matchAll(/^(\w+): ?(.*)$/gm)) {
    fields[name] = (fields[name] ?? '') + value;
  }
  const { event, id, data } = fields;
  if (event === undefined || data === undefined) return null;
  return { type: event, position: id ?? null, data: plain(JSON.parse(data)) as Doc };
}
