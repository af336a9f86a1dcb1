/**
 * A model that needs none: an endpoint with the chat-completions API of OpenAI, streamed, with tool calls and
 * usage as real ones send them. It follows a few rules, so that the example runs, and tests itself, anywhere.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Message {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string | null;
}

/** @returns its base URL; it ends with the process */
export async function startFakeModel(): Promise<string> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request.setEncoding('utf8')) body += part;
    if (request.method !== 'POST' || request.url !== '/v1/chat/completions') {
      response.writeHead(404).end('{"error":{"message":"There is only /v1/chat/completions."}}');
      return;
    }
    const { messages } = JSON.parse(body) as { readonly messages: readonly Message[] };
    answer(response, messages);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

function answer(response: ServerResponse, messages: readonly Message[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (data: object) => response.write(`data: ${JSON.stringify(data)}\n\n`);
  const delta = (value: object, finish: string | null = null) =>
    send({
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta: value, finish_reason: finish }],
    });
  const last = messages.at(-1);
  const said = last?.content ?? '';
  const [, order] = /order\D{0,12}(\d+)/i.exec(said) ?? [];
  delta({ role: 'assistant', content: '' });
  if (last?.role === 'tool') speak(afterTool(said));
  else if (/person|human/i.test(said)) call('handOver', { note: 'Asked for a person.' });
  else if (order !== undefined) call('lookUpOrder', { number: order });
  else if (/bye|thanks/i.test(said)) {
    speak('You are welcome.', false);
    call('end', {});
  } else if (/deliver/i.test(said)) speak('Deliveries take two days.');
  else if (/return|back/i.test(said)) speak('Books can be sent back within 30 days.');
  else call('handOver', { note: `I do not know: ${said}` });
  send({ choices: [], usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 } });
  response.end('data: [DONE]\n\n');

  function speak(text: string, whole = true): void {
    for (const part of text.match(/.{1,8}/gsu) ?? []) delta({ content: part });
    if (whole) delta({}, 'stop');
  }

  function call(name: string, args: object): void {
    const tool = (part: object) => delta({ tool_calls: [{ index: 0, ...part }] });
    tool({ id: 'call_1', type: 'function', function: { name, arguments: '' } });
    tool({ function: { arguments: JSON.stringify(args) } });
    delta({}, 'tool_calls');
  }
}

function afterTool(result: string): string {
  const { state } = JSON.parse(result) as { readonly state?: string };
  return state === undefined ? 'I find no such order of yours.' : `It is ${state}.`;
}
