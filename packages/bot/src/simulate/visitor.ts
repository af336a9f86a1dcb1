/** A visitor of a simulation: on the real client, with what a test asks of one. */
import { startChat, type VisitorChat } from '@parley/client/visitor';
import type { ChatRecord } from './chat-record.js';
import { type Duration, milliseconds, type Span } from './duration.js';
import type { Driver } from './driver.js';
import { ChatExpectations } from './expectations.js';
import { sleepOn } from './sleep.js';
import type { ProcessClock } from './clock.js';
import type { ClientNetwork } from './network.js';

/** Who comes, and what for. */
export interface VisitorOptions {
  readonly name?: string;
  /** Name of the skill; that of the world by default. */
  readonly skill?: string;
  readonly language?: string;
  /** Answers to the pre-chat survey, by question id. */
  readonly preChat?: Readonly<Record<number | string, string | readonly string[]>>;
  /** Lines for the agent alone. */
  readonly preChatLines?: readonly string[];
  readonly customVariables?: Readonly<Record<string, string>>;
  /** Seconds of silence after which the chat ends. */
  readonly interactionTimeout?: number;
}

/** What a visitor lives in. */
export interface VisitorHost {
  readonly clock: ProcessClock;
  readonly driver: Driver;
  readonly network: ClientNetwork;
  readonly place: { readonly account: string; readonly domainApi: string; readonly appKey: string };
}

export class SimulatedVisitor {
  /** The chat, with everything that the client can do in it. */
  readonly chat: VisitorChat;
  readonly #host: VisitorHost;
  readonly #record: ChatRecord;

  private constructor(host: VisitorHost, chat: VisitorChat, record: ChatRecord) {
    this.#host = host;
    this.chat = chat;
    this.#record = record;
    chat.on('lines', (lines) => {
      for (const line of lines) record.add({ at: host.clock.elapsed(), what: 'line', line });
    });
    chat.on('over', (why) => {
      if (why !== 'closed') record.add({ at: host.clock.elapsed(), what: 'over', why });
    });
  }

  /** Asks for a chat. @throws what `startChat` throws */
  static async come(
    host: VisitorHost,
    { name, ...options }: VisitorOptions,
    record: ChatRecord,
  ): Promise<SimulatedVisitor> {
    const { clock, network, place } = host;
    const start = { ...options, ...(name === undefined ? {} : { visitorName: name }) };
    const chat = await startChat({ ...place, ...start, clock, fetch: network.fetch });
    return new SimulatedVisitor(host, chat, record);
  }

  get id(): string {
    return this.chat.id;
  }

  /** What happened in the chat so far, a line each, with the time since the simulation began. */
  get transcript(): string {
    return this.#record.transcript;
  }

  /** Texts that bot and people said so far. */
  get answers(): readonly string[] {
    return this.#record.texts('agent');
  }

  /** Says something. @returns when it is stored; false when the chat was over */
  async says(text: string): Promise<boolean> {
    const said = this.chat.say(text);
    const line = await this.#host.driver.until(said, `${this.#record.visitor} says "${text}"`);
    if (line !== null) this.#record.sent.push(text);
    return line !== null;
  }

  /** Does nothing for that long. */
  async pauses(time: Duration | Span): Promise<void> {
    await this.#host.driver.until(sleepOn(this.#host.clock, milliseconds(time)), 'The pause');
  }

  /**
   * Waits for the next line of bot or person that nobody waited for yet.
   * @returns its text; null when the chat ended, or nothing came within that time
   */
  async hears(within: Duration | Span = '2m'): Promise<string | null> {
    return this.#host.driver.until(this.#next(milliseconds(within)), 'An answer');
  }

  #heard = 0;

  #next(ms: number): Promise<string | null> {
    return new Promise((resolve) => {
      const offs: (() => void)[] = [];
      let settled = false;
      const look = () => {
        const text = this.answers[this.#heard];
        if (settled || (text === undefined && this.chat.over === null)) return;
        if (text !== undefined) this.#heard += 1;
        done(text ?? null);
      };
      const done = (text: string | null) => {
        settled = true;
        cancel();
        for (const off of offs) off();
        resolve(text);
      };
      const cancel = this.#host.clock.after(ms, () => done(null));
      // Behind the record's own listeners, which are told first.
      offs.push(this.chat.on('over', look), this.chat.on('lines', look));
      look();
    });
  }

  /** Ends the chat. */
  async ends(): Promise<void> {
    await this.#host.driver.until(this.chat.end(), 'The end');
  }

  /** Closes the page without a word: the server finds that out by itself. */
  leaves(): void {
    this.#record.add({ at: this.#host.clock.elapsed(), what: 'over', why: 'left' });
    this.chat.close();
    this.#host.network.cut();
  }

  /** What is expected of this chat; time does not pass for it. */
  expect(): ChatExpectations {
    return new ChatExpectations(this.#record);
  }
}
