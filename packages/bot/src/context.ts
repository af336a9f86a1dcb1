/** What a handler gets: one event of one chat, and what can be done about it. */
import { createHash } from 'node:crypto';
import type {
  Agent,
  AgentChat,
  Answered,
  Answers,
  ChatEvent,
  Clock,
  CustomVariable,
  Invitation,
  Invited,
  InviteOptions,
  SentLine,
  SuggestOptions,
  Survey,
  VisitInfo,
} from '@parley/client/agent';
import { contentOf, type ReplyOptions } from './content.js';
import type { EventName } from './event-names.js';
import { GrowingReply } from './growing-reply.js';
import type { HandOver } from './hand-over.js';
import type { Log } from './log.js';

/** What a context is made of. */
export interface ContextParts<S> {
  readonly type: EventName;
  readonly chat: AgentChat;
  readonly agent: Agent;
  readonly log: Log;
  readonly state: S;
  /** Names the event within the chat. */
  readonly event: string;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  handOver(to: HandOver): Promise<boolean>;
}

/** Who the visitor is, as far as that was said. */
export interface Visitor {
  /** null where the visitor gave none. */
  readonly name: string | null;
  readonly id: string;
}

/** What visitors without a name are called for agents. */
const UNNAMED = 'visitor';

export class BotContext<S> {
  readonly type: EventName;
  /** The chat, with everything that the client can do in it. */
  readonly chat: AgentChat;
  readonly agent: Agent;
  /** Its entries name the chat. */
  readonly log: Log;
  /** What the bot knows of this chat: change it as you like, it is kept after each event. JSON only. */
  readonly state: S;
  /** Aborted when the chat is over, the handler took too long, or the bot stops without waiting longer. */
  readonly signal: AbortSignal;
  readonly #parts: ContextParts<S>;
  /** How often each text was said by this handler. */
  readonly #said = new Map<string, number>();

  constructor(parts: ContextParts<S>) {
    this.#parts = parts;
    this.type = parts.type;
    this.chat = parts.chat;
    this.agent = parts.agent;
    this.log = parts.log;
    this.state = parts.state;
    this.signal = parts.signal;
  }

  get visitor(): Visitor {
    const { name, id } = this.chat.visitor;
    return { name: name === UNNAMED || name === '' ? null : name, id };
  }

  /** The language that the visitor's page named for the chat, as a tag; undefined where it named none. */
  get language(): string | undefined {
    return this.chat.info.language;
  }

  /** All of the chat so far, whoever said it. */
  get history(): readonly ChatEvent[] {
    return this.chat.history;
  }

  /**
   * Says something to the visitor. An event that is handled again after a restart says the same text
   * once.
   * @returns when it is stored; null when the chat was over, or `signal` aborted, before
   * @throws RefusedError for what cannot be a line.
   */
  async reply(text: string, options: ReplyOptions = {}): Promise<SentLine | null> {
    if (this.signal.aborted) return null;
    const json = contentOf(text, options);
    const textType = json === undefined ? (options.as ?? 'plain') : 'rich-content';
    const content = json === undefined ? {} : { json };
    return this.chat.say(text, { textType, ...content, key: this.#key(text, textType, json) });
  }

  /**
   * Says what comes in pieces, as from a model: agent and visitor see it grow, where the server and the
   * visitor's client show that, until the whole of it is said as one line.
   * @param pieces is read to its end, and left off when the chat is over or `signal` aborted
   * @returns as `reply`
   * @throws whatever `pieces` throws: nothing of it is said then
   */
  async stream(
    pieces: AsyncIterable<string>,
    options: ReplyOptions = {},
  ): Promise<SentLine | null> {
    const growing = this.growing();
    let text = '';
    try {
      for await (const piece of pieces) {
        if (this.signal.aborted) break;
        text += piece;
        growing.show(text);
      }
    } catch (error) {
      await growing.discard();
      throw error;
    }
    await growing.finish();
    return this.reply(text, options);
  }

  /** A reply to show while it grows, for who does more with its pieces than `stream`. */
  growing(): GrowingReply {
    return new GrowingReply(this.chat, this.#parts.clock);
  }

  /** Says something that only agents can read. @returns as `reply` */
  async whisper(text: string): Promise<SentLine | null> {
    if (this.signal.aborted) return null;
    return this.chat.whisper(text, { key: this.#key(text, 'whisper', null) });
  }

  /**
   * Suggests to the chat's agent what to say next, for bots with the role of an assistant or a listener.
   * @returns the id of the suggestion; null when the chat was over, or `signal` aborted, before
   * @throws RefusedError 403 where the bot is the chat's agent, 409 when too many are open
   */
  async suggest(text: string, options: SuggestOptions = {}): Promise<number | null> {
    if (this.signal.aborted) return null;
    return this.chat.suggest(text, { key: this.#key(text, 'suggest', options), ...options });
  }

  /** Shows the visitor that an answer is being made; the next line takes it away. */
  async typing(on = true): Promise<void> {
    if (!this.signal.aborted) await this.chat.typing(on);
  }

  /**
   * Gives the chat to one skill or agent, now or not at all.
   * @returns false when it was over, or somebody else's, already
   * @throws RefusedError 409 when nobody there can take it.
   */
  transfer(
    to: { readonly skillId: number } | { readonly agentId: number },
    { note }: { readonly note?: string } = {},
  ): Promise<boolean> {
    return this.chat.transfer(to, note === undefined ? {} : { text: note });
  }

  /**
   * Gives the chat to people: it waits for them at the head of their queue, is the bot's no more, and what
   * the bot says later is refused. Where nobody is there the visitor reads that first, and sees their place
   * in the queue and the estimated wait. On a server without escalation the bot goes on answering until
   * somebody is free.
   * @returns whether somebody was there at once
   * @throws TypeError for a skill that does not exist.
   */
  handOver(to: HandOver = {}): Promise<boolean> {
    return this.#parts.handOver(to);
  }

  /**
   * Asks somebody into the chat beside its agent: `ctx.invite({ skillId: 12 }, { role: 'assistant' })`.
   * @returns the invitation, which can be withdrawn while it rings
   * @throws RefusedError 409 when nobody can be asked, 403 for a role that does not invite.
   */
  invite(to: Invited, options: InviteOptions): Promise<Invitation> {
    return this.chat.invite(to, options);
  }

  /** Goes out of a chat in which the bot is beside the agent. @returns false when it was out already */
  leave(): Promise<boolean> {
    return this.chat.leave();
  }

  /** Ends the chat, after what was said before. @returns false when it was over already */
  end(): Promise<boolean> {
    return this.chat.end();
  }

  /** The visit: browser, place, times. */
  visit(): Promise<VisitInfo> {
    return this.chat.visit(this.signal);
  }

  /** What the visitor answered before the chat. */
  preChat(): Promise<readonly Answered[]> {
    return this.chat.preChat(this.signal);
  }

  /** The survey that the agent of the chat fills in; null where there is none. */
  survey(): Promise<Survey | null> {
    return this.chat.survey(this.signal);
  }

  /**
   * Fills it in: `ctx.submitSurvey({ 3: 'Solved' })`. The last answers count.
   * @param answers by the ids of the questions
   * @throws RefusedError 400, naming the question that is not answered as it asks
   */
  submitSurvey(answers: Answers): Promise<void> {
    return this.chat.submitSurvey(answers, this.signal);
  }

  /** What the page, or the visitor's app, gave as variables. */
  customVariables(): Promise<readonly CustomVariable[]> {
    return this.chat.customVariables(this.signal);
  }

  /** The same for the same text at the same event: a line that is said again is stored once. */
  #key(text: string, kind: string, json: unknown): string {
    const line = JSON.stringify([this.chat.id, this.#parts.event, kind, text, json]);
    const times = this.#said.get(line) ?? 0;
    this.#said.set(line, times + 1);
    return createHash('sha256').update(`${times}:${line}`).digest('base64url');
  }
}
