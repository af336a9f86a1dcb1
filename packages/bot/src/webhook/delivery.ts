/** One delivery to an endpoint: signed, tried again where that helps, within a time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { signedHeaders } from './signature.js';

/** An endpoint did not answer, or refused. Its message names neither the address nor a secret. */
export class WebhookError extends Error {
  /** Its last answer; null where there was none. */
  readonly status: number | null;

  constructor(message: string, status: number | null, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'WebhookError';
    this.status = status;
  }
}

export interface DeliveryOptions {
  readonly url: string;
  readonly keys: readonly Buffer[];
  /** Longest of one try, ms. */
  readonly timeout: number;
  /** Longest of all tries, ms. */
  readonly within: number;
  readonly fetch: typeof globalThis.fetch;
}

/** What came back. */
export interface Delivered {
  readonly status: number;
  readonly text: string;
}

/** Between one try and the next, ms: twice as long each time. */
const PAUSE_MS = 500;

/** Longest pause that an endpoint can ask for, ms. */
const MAX_PAUSE = 10_000;

/** Longest answer, bytes. */
const MAX_ANSWER = 256 * 1_024;

/** Answers after which the same request may succeed. */
const TEMPORARY: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * Delivers a body, with the same id at each try.
 * @throws WebhookError when it does not get through; the signal's reason.
 */
export async function deliver(
  options: DeliveryOptions,
  id: string,
  body: string,
  signal: AbortSignal,
): Promise<Delivered> {
  const over = AbortSignal.timeout(options.within);
  const either = AbortSignal.any([signal, over]);
  let last: WebhookError | null = null;
  for (let tries = 1; ; tries += 1) {
    let pause = PAUSE_MS * 2 ** (tries - 1);
    try {
      const { status, text, retryAfter } = await attempt(options, id, body, either);
      if (status < 300) return { status, text };
      last = new WebhookError(`The webhook answered ${status}.`, status);
      if (status < 500 && !TEMPORARY.has(status)) throw last;
      pause = Math.max(pause, Math.min(retryAfter, MAX_PAUSE));
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof WebhookError && error === last) throw error;
      last = failureOf(error, over.aborted ? null : options.timeout) ?? last;
    }
    try {
      await sleep(pause, undefined, { signal: either });
    } catch {
      signal.throwIfAborted();
      const why = last === null ? '' : ` At last: ${last.message}`;
      throw new WebhookError(
        `The webhook gave no answer within ${options.within / 1_000} s.${why}`,
        last?.status ?? null,
        last?.cause,
      );
    }
  }
}

async function attempt(
  { url, keys, timeout, fetch }: DeliveryOptions,
  id: string,
  body: string,
  either: AbortSignal,
): Promise<Delivered & { readonly retryAfter: number }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...signedHeaders(keys, id, Date.now(), body),
    },
    body,
    // Whoever is pointed to did not agree on the secret.
    redirect: 'manual',
    signal: AbortSignal.any([either, AbortSignal.timeout(timeout)]),
  });
  const seconds = Number(response.headers.get('retry-after') ?? 0);
  const text = await textOf(response);
  return {
    status: response.status,
    text,
    retryAfter: Number.isFinite(seconds) ? seconds * 1_000 : 0,
  };
}

async function textOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += (part as Uint8Array).byteLength;
    if (size > MAX_ANSWER) throw new WebhookError('The answer is larger than 256 KiB.', null);
    parts.push(part as Uint8Array);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** What a try failed with; null where the time for all of them was over. */
function failureOf(error: unknown, timeout: number | null): WebhookError | null {
  if (error instanceof WebhookError) return error;
  if (timeout === null) return null;
  const late = error instanceof Error && error.name === 'TimeoutError';
  return new WebhookError(
    late
      ? `The webhook took longer than ${timeout / 1_000} s.`
      : 'The webhook cannot be reached, or its answer was cut off.',
    null,
    error,
  );
}
