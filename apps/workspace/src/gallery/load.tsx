/**
 * The workspace under load, without a server: `gallery.html?load=50&lines=2000&rate=25` is an agent with 50 chats of
 * 2,000 lines each, in which 25 things happen a second. Tests and people measure by it how it types, how it
 * grows and what it draws. All of it is the workspace's own; only the session is made up.
 */
import type { Agent, AgentChat, ChatEvent, Offer } from '@parley/client/agent';
import { WorkspaceController } from '../state/controller.js';
import { createWorkspace } from '../state/model.js';
import { AGENT, idle, offer } from './fixtures.js';

type Listener = (value: never) => void;

/** Chats end after so many lines that came while one looks on, and others come. */
const LINES_OF_A_CHAT = 40;

/** A chat that rings has hardly begun. */
const LINES_OF_A_RING = 5;

/** What emits, as the SDK does. */
class Emits {
  readonly #listeners = new Map<string, Set<Listener>>();

  on(name: string, listener: Listener): () => void {
    const all = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, all);
    all.add(listener);
    return () => all.delete(listener);
  }

  emit(name: string, value: unknown): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(value as never);
  }
}

class LoadChat {
  readonly emits = new Emits();
  readonly history: ChatEvent[] = [];
  readonly chat: AgentChat;
  over: 'ended' | null = null;
  came = 0;
  #isTyping = false;

  constructor(id: string, lines: number) {
    for (let line = 0; line < lines; line += 1) this.#add();
    this.chat = Object.defineProperties(
      {
        ...idle(id),
        history: this.history,
        pending: [],
        role: 'agent',
        participants: () => Promise.resolve([]),
        suggestions: { list: () => Promise.resolve([]) },
        on: (name: string, listener: Listener) => this.emits.on(name, listener),
      } as unknown as AgentChat,
      {
        over: { get: () => this.over },
        info: { get: () => this.#info(id) },
        visitor: {
          get: () => ({ name: `Visitor ${id}`, id, typing: this.#isTyping, preview: null }),
        },
      },
    );
  }

  line(): void {
    this.came += 1;
    this.emits.emit('events', [this.#add()]);
  }

  typing(): void {
    this.#isTyping = !this.#isTyping;
    this.emits.emit('info', this.chat.info);
  }

  #info(id: string) {
    return {
      chatSessionKey: id,
      state: 'chatting',
      visitorName: `Visitor ${id}`,
      visitorId: Number(id),
      skillName: 'Sales',
      startTime: new Date(Date.now() - 600_000).toISOString(),
      visitorTyping: this.#isTyping ? 'typing' : 'not-typing',
    };
  }

  #add(): ChatEvent {
    const id = this.history.length;
    const isAgent = id % 3 === 1;
    const event = {
      id,
      type: 'line',
      time: new Date().toISOString(),
      textType: 'plain',
      text: `Line ${id}: what somebody writes who has something to ask, or who knows the answer.`,
      by: isAgent ? 'Anna' : 'Vera',
      source: isAgent ? 'agent' : 'visitor',
      subType: 'REGULAR',
    } as ChatEvent;
    this.history.push(event);
    return event;
  }
}

/** The session under load, which tests drive as `window.load`. */
export class Load {
  readonly controller: WorkspaceController;
  readonly #chats = new Map<string, LoadChat>();
  readonly #emits = new Emits();
  readonly #lines: number;
  readonly #agent: Agent;
  #next = 0;
  #step = 0;

  constructor(chats: number, lines: number) {
    this.#lines = lines;
    const own = new Map<string, AgentChat>();
    for (let chat = 0; chat < chats; chat += 1) {
      const made = this.#make(lines);
      own.set(made.chat.id, made.chat);
    }
    this.#agent = {
      ...AGENT,
      info: () =>
        Promise.resolve({ id: 101, loginName: 'anna', displayName: 'Anna', agentName: 'Anna' }),
      availability: { chat: 'Online', reasonId: null },
      ringing: [],
      chats: own,
      on: (name: string, listener: Listener) => this.#emits.on(name, listener),
      programs: { approvals: () => Promise.resolve([]) },
      close: () => Promise.resolve(),
    } as unknown as Agent;
    this.controller = new WorkspaceController(createWorkspace(), {
      domainApi: location.origin,
      storage: null,
      connect: () => Promise.resolve(this.#agent),
    });
  }

  /** Opens the session. */
  async begin(): Promise<void> {
    await this.controller.logIn({ account: '12345678', username: 'anna', password: '-' });
    this.controller.store.setState({
      connection: { state: 'live', via: 'sse' } as unknown as ReturnType<
        typeof this.controller.store.getState
      >['connection'],
    });
  }

  /** Something happens in one chat after the other: three of four times a line, else somebody types. */
  step(): void {
    this.#step += 1;
    const all = [...this.#chats.values()];
    const chat = all[this.#step % all.length];
    if (chat === undefined) return;
    if (this.#step % 4 === 0) chat.typing();
    else chat.line();
    if (chat.came >= LINES_OF_A_CHAT && this.controller.store.getState().shown !== chat.chat.id) {
      this.#end(chat);
    }
  }

  /** Many at once, a frame after each portion. */
  async steps(count: number): Promise<void> {
    for (let done = 0; done < count; done += 1) {
      this.step();
      if (done % 100 === 99) await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  }

  /** That many a second, from now on. */
  run(perSecond: number): void {
    if (perSecond > 0) setInterval(() => this.step(), 1_000 / perSecond);
  }

  /** A chat rings: as if its frame came now. */
  ring(visitorName: string): void {
    this.#emits.emit('ringing', [
      offer({ visitorName, accept: () => Promise.resolve(this.#come(LINES_OF_A_RING)) }) as Offer,
    ]);
  }

  #come(lines: number): AgentChat {
    const made = this.#make(lines);
    (this.#agent.chats as Map<string, AgentChat>).set(made.chat.id, made.chat);
    this.#emits.emit('ringing', []);
    this.#emits.emit('chat', made.chat);
    return made.chat;
  }

  #end(chat: LoadChat): void {
    chat.over = 'ended';
    this.#chats.delete(chat.chat.id);
    (this.#agent.chats as Map<string, AgentChat>).delete(chat.chat.id);
    chat.emits.emit('over', 'ended');
    this.#emits.emit('chatOver', { chat: chat.chat, why: 'ended' });
    this.controller.dismiss(chat.chat.id);
    this.#come(this.#lines);
  }

  #make(lines: number): LoadChat {
    this.#next += 1;
    const made = new LoadChat(String(this.#next), lines);
    this.#chats.set(made.chat.id, made);
    return made;
  }
}
