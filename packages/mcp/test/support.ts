/** The protocol's own client, and what tools answer it. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

export const TOKEN = 'a-token-of-32-characters-or-more';

export const headers = { authorization: `Bearer ${TOKEN}` };

/** A client over streamable HTTP. */
export async function connectTo(url: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '1.0.0' });
  const options = { requestInit: { headers } };
  await client.connect(new StreamableHTTPClientTransport(new URL(url), options));
  return client;
}

/** What a tool answers: the notice, then JSON. */
export async function call(client: Client, name: string, args: Record<string, unknown> = {}) {
  const result = await client.callTool({ name, arguments: args });
  const [part] = result.content as readonly { readonly text: string }[];
  const text = part?.text ?? '';
  if (result.isError) return { error: text, notice: '', value: {} as Shown };
  const [notice = ''] = text.split('\n');
  return { error: null, notice, value: JSON.parse(text.slice(notice.length)) as Shown };
}

/** What of the answers is looked at. */
export interface Shown {
  readonly waitsForApproval?: string;
  readonly availability?: string;
  readonly chat?: string;
  readonly news?: string;
  readonly more?: boolean;
  readonly event?: number;
  readonly ended?: boolean;
  readonly transferred?: boolean;
  readonly ringing?: readonly { readonly offer: string; readonly visitorName: string }[];
  readonly chats?: readonly { readonly chat: string; readonly waitsForReply: boolean }[];
  readonly events?: readonly { readonly text?: string; readonly from?: string }[];
}
