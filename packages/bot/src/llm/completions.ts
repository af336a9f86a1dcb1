/** One call of an OpenAI-compatible chat-completions endpoint, streamed. */

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON, as the model wrote it. */
  readonly arguments: string;
}

/** A message as the endpoint takes it. */
export type Message =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | { readonly role: 'assistant'; readonly content: string | null; readonly tool_calls?: unknown }
  | { readonly role: 'tool'; readonly tool_call_id: string; readonly content: string };

export interface Endpoint {
  /** Up to before `/chat/completions`: `https://api.example.com/v1`. */
  readonly baseUrl: string;
  readonly model: string;
  /** Sent as a bearer token; none for endpoints that want none. */
  readonly apiKey?: string;
  /** Most tokens of one answer; the endpoint's own limit by default. */
  readonly maxTokens?: number;
  /** `globalThis.fetch` by default. */
  readonly fetch?: typeof globalThis.fetch;
}

export interface Completion {
  readonly text: string;
  readonly calls: readonly ToolCall[];
  /** Tokens of the call, as the endpoint counts them; null where it does not say. */
  readonly tokens: number | null;
}

/** The endpoint refused, cannot be reached, or its answer ended before it was whole. */
export class CompletionError extends Error {
  override readonly name = 'CompletionError';
  /** HTTP status; null without an answer. */
  readonly status: number | null;
  /** Whether the same request may succeed later. */
  readonly temporary: boolean;
  /** Milliseconds that the endpoint asks to wait. */
  readonly retryAfter: number;

  constructor(
    message: string,
    facts: { status?: number; temporary: boolean; retryAfter?: number; cause?: unknown },
  ) {
    super(message, facts.cause === undefined ? {} : { cause: facts.cause });
    this.status = facts.status ?? null;
    this.temporary = facts.temporary;
    this.retryAfter = facts.retryAfter ?? 0;
  }
}

/** Longest part of a refusal that an error quotes. */
const MAX_REFUSAL = 200;

/** @throws CompletionError; the signal's reason. */
export async function complete(
  endpoint: Endpoint,
  messages: readonly Message[],
  tools: readonly object[],
  signal: AbortSignal,
  onText: (text: string) => void,
): Promise<Completion> {
  const { baseUrl, model, apiKey, maxTokens, fetch = globalThis.fetch } = endpoint;
  const body = {
    ...{ model, messages, stream: true, stream_options: { include_usage: true } },
    ...(tools.length === 0 ? {} : { tools }),
    ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
  };
  try {
    const response = await fetch(`${baseUrl.replace(/\/+$/, '')}/chat/completions`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      },
      body: JSON.stringify(body),
      signal,
    });
    if (!response.ok) throw await refusal(response);
    return await readStream(response, onText);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof CompletionError) throw error;
    throw new CompletionError('The model cannot be reached, or its answer was cut off.', {
      temporary: true,
      cause: error,
    });
  }
}

async function refusal(response: Response): Promise<CompletionError> {
  const { status } = response;
  const text = (await response.text().catch(() => '')).slice(0, MAX_REFUSAL);
  const seconds = Number(response.headers.get('retry-after') ?? 0);
  return new CompletionError(`The model's endpoint answered ${status}: ${text}`, {
    status,
    temporary: status === 429 || status >= 500,
    retryAfter: Number.isFinite(seconds) ? seconds * 1_000 : 0,
  });
}

/** What a chunk adds. */
interface Chunk {
  readonly error?: { readonly message?: string };
  readonly choices?: readonly {
    readonly finish_reason?: string | null;
    readonly delta?: {
      readonly content?: string | null;
      readonly tool_calls?: readonly {
        readonly index?: number;
        readonly id?: string;
        readonly function?: { readonly name?: string; readonly arguments?: string };
      }[];
    };
  }[];
  readonly usage?: { readonly total_tokens?: number } | null;
}

async function readStream(response: Response, onText: (text: string) => void): Promise<Completion> {
  let text = '';
  let tokens: number | null = null;
  let whole = false;
  const calls: { id: string; name: string; arguments: string }[] = [];
  for await (const data of dataOf(response)) {
    if (data === '[DONE]') break;
    const { choices = [], usage, error } = JSON.parse(data) as Chunk;
    if (error !== undefined) {
      throw new CompletionError(
        `The model failed: ${String(error.message).slice(0, MAX_REFUSAL)}`,
        {
          temporary: true,
        },
      );
    }
    tokens = usage?.total_tokens ?? tokens;
    const [choice] = choices;
    if (typeof choice?.finish_reason === 'string') whole = true;
    const more = choice?.delta?.content ?? '';
    text += more;
    if (more !== '') onText(text);
    for (const part of choice?.delta?.tool_calls ?? []) {
      const index = part.index ?? 0;
      calls[index] ??= { id: '', name: '', arguments: '' };
      const call = calls[index];
      call.id = part.id ?? call.id;
      call.name += part.function?.name ?? '';
      call.arguments += part.function?.arguments ?? '';
    }
  }
  if (!whole) throw new CompletionError("The model's answer was cut off.", { temporary: true });
  return { text, calls: calls.filter((call) => call !== undefined), tokens };
}

/** The data of a stream's events, one after another. */
async function* dataOf(response: Response): AsyncGenerator<string, void> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const bytes of response.body ?? []) {
    const lines = (rest + decoder.decode(bytes as Uint8Array, { stream: true })).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data:')) yield line.slice(5).trim();
  }
}
