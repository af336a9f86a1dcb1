/** What the panel shows, apart from how: one visitor, from the form to the survey after the chat. */
import {
  type Answers,
  type Connection,
  type Line,
  type Queue,
  RefusedError,
  resumeChat,
  type Survey,
  type Visitor,
  type VisitorChat,
  visitor,
} from '@parley/client/visitor';
import { acrossTabsByFetch, oneTabAtATime, tabStorage } from '@parley/client/tabs';
import type { Shell } from '../contract.js';
import { Stored, storage } from './storage.js';
import { textOfHtml } from './html.js';

/** What stands in the panel. */
export type View =
  | { readonly name: 'loading' }
  /** Before a chat: questions, when there are some, and the first message. */
  | { readonly name: 'form'; readonly survey: Survey | null }
  /** Nobody is there: a message can be left. */
  | { readonly name: 'offline'; readonly survey: Survey; readonly isSent: boolean }
  | { readonly name: 'unavailable' }
  /** The server cannot be asked. */
  | { readonly name: 'unreachable' }
  | { readonly name: 'chat' }
  /** After it; `survey` until it is answered. */
  | { readonly name: 'ended'; readonly survey: Survey | null; readonly isThanked: boolean };

/** A visitor who looks up an order number in another app is away for minutes: the longest there is, s. */
const INTERACTION_TIMEOUT = 600;
/** How often it is asked again whether somebody is there, while the form is open, ms. */
const LOOK_MS = 60_000;
/** Typing is sent at most so often, ms. */
const TYPING_MS = 4_000;

/** The pages of a shop share one stream; no WebSocket, which the rules of a host page need not allow. */
const listen = acrossTabsByFetch();

/** Lines that wait to be stored, of all tabs of the page. */
const shared = tabStorage(storage);

export class Session {
  readonly shell: Shell;
  readonly kept: Stored;
  readonly #visitor: Visitor;
  readonly #listeners = new Set<() => void>();
  #chat: VisitorChat | null = null;
  #view: View = { name: 'loading' };
  #problem: string | null = null;
  #isBusy = false;
  #isOpen = false;
  #readTo = -1;
  #looking: ReturnType<typeof setInterval> | undefined;
  #typedAt = 0;
  #isTyping = false;

  constructor(shell: Shell) {
    this.shell = shell;
    const { account, appKey, base } = shell.config;
    this.kept = new Stored(account);
    this.#visitor = visitor({ account, appKey, domainApi: base, storage: shared, listen });
    document.addEventListener('visibilitychange', this.#seen);
  }

  /** Calls back after each change. @returns stops that */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get view(): View {
    return this.#view;
  }

  /** What went wrong with what the visitor did last, in the server's words; null for nothing. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Something that the visitor did is under way. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  get chat(): VisitorChat | null {
    return this.#chat;
  }

  get lines(): readonly Line[] {
    return this.#chat?.lines ?? [];
  }

  get queue(): Queue | null {
    return this.#chat?.state === 'waiting' ? this.#chat.queue : null;
  }

  get connection(): Connection | null {
    return this.#chat?.connection ?? null;
  }

  /** Name of the agent; null while there is none. */
  get agentName(): string | null {
    const name = this.#chat?.info.agentName;
    return name === undefined || name === '' ? null : name;
  }

  /** Goes on with the chat that another page or an earlier life of this one had, or shows the form. */
  async begin(): Promise<void> {
    const saved = this.kept.chat;
    const chat =
      saved === null
        ? null
        : await resumeChat(saved, { storage: shared, listen }).catch(() => null);
    if (chat !== null && chat.state !== 'ended') {
      this.#take(chat);
      return;
    }
    chat?.close();
    this.kept.chat = null;
    if (this.#isOpen) await this.#prepare();
  }

  opened(): void {
    this.#isOpen = true;
    this.#seen();
    if (this.#view.name !== 'chat' && this.#view.name !== 'ended') void this.#prepare();
    clearInterval(this.#looking);
    this.#looking = setInterval(() => {
      if (this.#view.name === 'form' || this.#view.name === 'unavailable') void this.#prepare();
    }, LOOK_MS);
  }

  closed(): void {
    this.#isOpen = false;
    clearInterval(this.#looking);
  }

  /** Another chat, or another look at whether somebody is there. */
  async again(): Promise<void> {
    this.#chat?.close();
    this.#chat = null;
    this.kept.chat = null;
    this.#readTo = -1;
    this.#show({ name: 'loading' });
    await this.#prepare();
  }

  /** Asks for a chat. Of several tabs that ask at once, the first one gets it and the others join it. */
  async start(answers: Answers, message: string): Promise<void> {
    const { config, facts, consent } = this.shell;
    await this.#do(async () => {
      const begun = await oneTabAtATime(`parley-start-${config.account}`, async () => {
        const elsewhere = this.kept.chat;
        if (elsewhere !== null) {
          const joined = await resumeChat(elsewhere, { storage: shared, listen });
          if (joined !== null && joined.state !== 'ended') return joined;
        }
        const chat = await this.#visitor.startChat({
          ...(config.skill === undefined ? {} : { skill: config.skill }),
          ...(facts.name === undefined ? {} : { visitorName: facts.name }),
          ...(facts.variables === undefined ? {} : { customVariables: facts.variables }),
          ...(Object.keys(answers).length === 0 ? {} : { preChat: answers }),
          ...(message.trim() === '' ? {} : { firstLine: message.trim() }),
          ...(consent.tracking && this.kept.visitorId !== undefined
            ? { visitorId: this.kept.visitorId }
            : {}),
          language: config.lang,
          interactionTimeout: INTERACTION_TIMEOUT,
          chatReferrer: location.origin + location.pathname,
        });
        this.kept.chat = chat.saved();
        return chat;
      });
      this.kept.draft = '';
      const { visitorId } = begun.info as { readonly visitorId?: string };
      if (consent.tracking && visitorId !== undefined) this.kept.visitorId = visitorId;
      this.#take(begun);
    });
    // Nobody is there after all: what was written stays, in the form for that.
    if (this.#problem !== null && this.#view.name === 'form') await this.#prepare();
  }

  say(text: string): void {
    this.#typed(false);
    this.#chat?.say(text).catch(() => this.#changed());
    this.#changed();
  }

  /** The visitor is typing. */
  typing(text: string): void {
    this.kept.draft = text;
    this.#typed(text !== '', text);
  }

  #typed(on: boolean, text = ''): void {
    const now = Date.now();
    const preview = on && this.shell.consent.typing ? text : undefined;
    if (on === this.#isTyping && (!on || now - this.#typedAt < TYPING_MS) && preview === undefined)
      return;
    this.#isTyping = on;
    this.#typedAt = now;
    void this.#chat?.typing(on, preview);
  }

  async end(): Promise<void> {
    await this.#do(async () => this.#chat?.end());
  }

  async rename(name: string): Promise<void> {
    await this.#do(async () => this.#chat?.setName(name));
  }

  async mail(address: string): Promise<boolean> {
    return this.#do(async () => this.#chat?.mailTranscript(address));
  }

  async leave(answers: Answers): Promise<void> {
    const { view } = this;
    if (view.name !== 'offline') return;
    const { skill } = this.shell.config;
    const sent = await this.#do(() =>
      this.#visitor.submitOfflineSurvey(answers, skill === undefined ? {} : { skill }),
    );
    if (sent) this.#show({ ...view, isSent: true });
  }

  async rate(answers: Answers): Promise<void> {
    const { view } = this;
    if (view.name !== 'ended') return;
    const sent = await this.#do(async () => this.#chat?.submitExitSurvey(answers));
    if (sent) this.#show({ ...view, survey: null, isThanked: true });
  }

  destroy(): void {
    clearInterval(this.#looking);
    document.removeEventListener('visibilitychange', this.#seen);
    this.#chat?.close();
    this.#listeners.clear();
  }

  /** Shows the form that fits: for a chat where somebody is there, for a message where nobody is. */
  async #prepare(): Promise<void> {
    const { skill } = this.shell.config;
    try {
      const isThere = await this.#visitor.isAvailable(skill === undefined ? {} : { skill });
      this.shell.away(!isThere);
      if (isThere) {
        if (this.#view.name === 'form') return;
        this.#show({ name: 'form', survey: await this.#visitor.preChatSurvey(skill) });
        return;
      }
      if (this.#view.name === 'offline') return;
      const survey = await this.#visitor.offlineSurvey(skill);
      this.#show(
        survey === null ? { name: 'unavailable' } : { name: 'offline', survey, isSent: false },
      );
    } catch {
      this.#show({ name: 'unreachable' });
    }
  }

  #take(chat: VisitorChat): void {
    this.#chat = chat;
    this.#show({ name: 'chat' });
    let isFirst = true;
    chat.on('lines', (lines) => {
      const heard = lines.filter(({ source }) => source === 'agent' || source === 'system');
      // What there was already is no news, on a page where the chat only goes on.
      if (!isFirst) for (const { text, textType } of heard) this.#heard(text, textType);
      isFirst = false;
      this.#seen();
      this.#changed();
    });
    for (const name of ['queue', 'info', 'typing', 'pending', 'connection', 'state'] as const) {
      chat.on(name, () => this.#changed());
    }
    chat.on('over', (why) => {
      if (why !== 'closed') void this.#over(why === 'ended');
    });
  }

  #heard(text: string, textType: string | undefined): void {
    const plain = textType === 'html' ? textOfHtml(text) : text;
    this.shell.notify('message', { text: plain });
  }

  async #over(hasSurvey: boolean): Promise<void> {
    const survey = hasSurvey ? await this.#chat?.exitSurvey().catch(() => null) : null;
    this.kept.chat = null;
    this.#show({ name: 'ended', survey: survey ?? null, isThanked: false });
    this.shell.notify('ended', undefined);
  }

  /** Counts what is unread, and says up to where it was read while it is looked at. */
  readonly #seen = (): void => {
    const last = this.lines.at(-1)?.id ?? -1;
    if (this.#isOpen && document.visibilityState === 'visible') {
      if (last > this.#readTo) void this.#chat?.read(last);
      this.#readTo = Math.max(this.#readTo, last);
    }
    const unread = this.lines.filter(({ id, source }) => id > this.#readTo && source === 'agent');
    const latest = unread.at(-1);
    const preview =
      latest === undefined
        ? null
        : latest.textType === 'html'
          ? textOfHtml(latest.text)
          : latest.text;
    this.shell.unread(unread.length, preview);
  };

  /** @returns whether it went well */
  async #do(act: () => Promise<unknown>): Promise<boolean> {
    this.#problem = null;
    this.#isBusy = true;
    this.#changed();
    try {
      await act();
      return true;
    } catch (error) {
      this.#problem = error instanceof RefusedError ? error.message : 'network';
      return false;
    } finally {
      this.#isBusy = false;
      this.#changed();
    }
  }

  #show(view: View): void {
    this.#view = view;
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
