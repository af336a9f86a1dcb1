/** A visitor without the SDK: what the SDK says is held against what plain HTTP says. */
import { DEMO_VISITOR_KEY, linkAt, type TestServer, textAt } from '../../../server/test/harness.js';

export class PlainVisitor {
  readonly chat: string;
  readonly #server: TestServer;

  private constructor(server: TestServer, chat: string) {
    this.#server = server;
    this.chat = chat;
  }

  static async start(server: TestServer, request: object = {}): Promise<PlainVisitor> {
    const reply = await server.call('POST', '/chat/request?v=1', {
      appKey: DEMO_VISITOR_KEY,
      body: { request },
    });
    if (reply.status !== 201) throw new Error(reply.text);
    return new PlainVisitor(server, linkAt(reply.body, 'chatLocation.link', 'location'));
  }

  get id(): string {
    return this.chat.slice(this.chat.lastIndexOf('/') + 1);
  }

  async say(text: string): Promise<void> {
    await this.#post({ '@type': 'line', text });
  }

  async end(): Promise<void> {
    await this.#post({ '@type': 'state', state: 'ended' });
  }

  /** Texts of the lines of one side, as the visitor reads them. */
  async texts(source: 'agent' | 'visitor' | 'system'): Promise<string[]> {
    const events = await this.events();
    return events
      .filter((event) => event['source'] === source)
      .map((event) => textAt(event, 'text'));
  }

  async events(): Promise<readonly Record<string, unknown>[]> {
    const reply = await this.#server.call('GET', `${this.chat}/events?v=1`, {
      appKey: DEMO_VISITOR_KEY,
    });
    const { events } = reply.body as { events: { event?: unknown } };
    return [events.event ?? []].flat() as Record<string, unknown>[];
  }

  async #post(event: object): Promise<void> {
    const reply = await this.#server.call('POST', `${this.chat}/events?v=1`, {
      appKey: DEMO_VISITOR_KEY,
      body: { event },
    });
    if (reply.status !== 201) throw new Error(reply.text);
  }
}
