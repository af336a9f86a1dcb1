/** A request, and what was answered. */
import type { IncomingHttpHeaders } from 'node:http';

/** A request, as it was sent. */
export interface Ask {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** What was asked and what came back, as it was. */
export interface Exchange {
  readonly ask: Ask;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}
