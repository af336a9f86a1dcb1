/**
 * Lives through a story step by step. Beside the account that the commands go to, a second one is
 * kept that only hears of the events, through JSON, as after a restart.
 *
 * One file, though it is long: every step of a story is carried out, and looked at, by one run.
 */
import {
  type AccountCommand,
  type AccountConfig,
  type AccountEvent,
  type AccountState,
  type CommandType,
  type Envelope,
  evolve,
  execute,
  initialState,
  replay,
  SYSTEM,
  takeSnapshot,
  type MemoryRoom,
  UNLIMITED,
} from '@parley/engine';
import { accountConfig } from '../account.js';
import { forgetting, identification, offlineSurvey, visitReport } from './brought.js';
import { AttachedBooks } from './attached.js';
import { Envelopes } from '../enveloped.js';
import { checkErased } from './erased.js';
import { restored } from '../restored.js';
import { checkRings, checkState } from './invariants.js';
import { checkForgotten, checkMemory, checkRecount } from './memory.js';
import { requireThat, requireEqual } from './must.js';
import { Picks } from './picks.js';
import { ProgramBooks } from './programs.js';
import { looking } from './promises.js';
import { roleCommand } from './role-commands.js';
import { Snapshots } from './snapshots.js';
import { checkInvited, checkResumed, checkRing } from './rings.js';
import { checkHeard } from './roles.js';
import { RetryBooks, withoutRenewals } from './retries.js';
import { withRules } from './rule-steps.js';
import type { Staff, Step } from './steps.js';
import { checkTopics } from './topics.js';
import { filled, HOURS, setupOf, visitorOf } from './step-values.js';

interface Entry {
  readonly event: AccountEvent;
  readonly at: number;
}

/** Looking at everything anew takes its time. */
const RECOUNT_EVERY = 5;

export class Run {
  #state: AccountState = initialState();
  readonly #shadow: AccountState = initialState();
  #config: AccountConfig;
  #now = Date.UTC(2026, 0, 5, 9);
  /** The journal, each entry as its JSON text. */
  readonly #journal: string[] = [];
  readonly #snapshots = new Snapshots();
  readonly #requested = new Set<string>();
  readonly #forgotten = new Set<string>();
  readonly #envelopes = new Envelopes();
  /** When it was last seen what is due; null when time passed since. */
  #seenAt: number | null = null;
  /** How often each event happened. */
  readonly seen = new Map<string, number>();
  readonly retries = new RetryBooks();
  readonly #attached = new AttachedBooks();

  readonly #programs = new ProgramBooks();
  readonly #picks = new Picks(
    () => ({ state: this.#state, config: this.#config }),
    () => this.#programs.all,
  );
  readonly #room: MemoryRoom;

  constructor(staff: readonly Staff[], room: MemoryRoom = UNLIMITED) {
    this.#room = room;
    this.#config = accountConfig(setupOf(staff));
  }

  step(step: Step): void {
    if (step.do === 'pass') {
      this.#now += step.ms;
      if (step.look === 'later') {
        this.#seenAt = null;
        return;
      }
    }
    if (step.do === 'clock') this.#now += Math.max(0, step.by);
    if (step.do === 'snapshot') {
      this.#snapshots.begin(this.#state);
      return;
    }
    if (step.do === 'restart') {
      this.#snapshots.restart();
      this.#state = this.#recover();
    }
    this.#snapshots.goOn('a piece');
    if (step.do === 'again') {
      const envelope = this.retries.recent(step.request);
      if (envelope !== undefined)
        this.#submit({ ...envelope, newId: `again${this.#journal.length}`, now: this.#now });
      return;
    }
    const command = this.#command(step);
    if (command !== null) this.#perform(command, step.key);
  }

  /** Checks at the end what cannot be looked at without being used up. */
  finish(): void {
    this.#perform({ type: 'tick', due: [] });
    this.#snapshots.goOn('whole');
    const all = (state: AccountState) => {
      for (const key of state.deadlines.takeDue(this.#now)) {
        requireThat(key.startsWith('busy:'), `${key} is due after a restart, and was not before`);
      }
      const snapshot = takeSnapshot(state);
      return [snapshot, state.deadlines.takeDue(Infinity)];
    };
    const recovered = all(this.#recover());
    looking('snapshots', () =>
      requireEqual(recovered, all(this.#state), 'the state from the snapshot is the same'),
    );
    this.#snapshots.forget();
    looking('journal', () =>
      requireEqual(all(this.#recover()), recovered, 'the state from the journal is the same'),
    );
    looking('all that was erased', () => checkErased(this.#journal, this.#state));
  }

  #recover(): AccountState {
    const state = this.#snapshots.read();
    replay(
      state,
      this.#journal.slice(this.#snapshots.seq).map((text): Entry => JSON.parse(text)),
    );
    return state;
  }

  #perform(command: AccountCommand, key?: number): void {
    const envelope = this.#envelopes.of<CommandType>(this.#state, command, this.#now);
    this.#submit(this.retries.keyed(envelope, key));
  }

  #submit(envelope: Envelope): void {
    const { command } = envelope;
    const outcome = execute<CommandType>(this.#state, this.#config, envelope, this.#room);
    const didNothing = 'rejection' in outcome || 'replayed' in outcome;
    if (didNothing) {
      looking('refusals', () => this.#checkRefusal(withoutRenewals(outcome.events)));
    }
    for (const [index, event] of outcome.events.entries()) {
      if (event.type === 'chat.rang') {
        const before = outcome.events[index - 1];
        checkRing(this.#shadow, this.#config, event, before, this.#now);
      }
      if (event.type === 'chat.invited') {
        checkInvited(this.#shadow, this.#config, event);
      }
      looking('words', () => checkHeard(this.#shadow, event));
      looking('programs', () => {
        this.#programs.checkDone(this.#shadow, command, event);
        this.#programs.take(event);
      });
      checkForgotten(this.#shadow, event);
      this.#attached.take(this.#shadow, this.#config, event, this.#now);
      const text = JSON.stringify({ event, at: this.#now });
      this.#journal.push(text);
      const entry: Entry = JSON.parse(text);
      const check = checkTopics(this.#shadow, entry.event);
      evolve(this.#shadow, entry.event, entry.at);
      looking('all that wakes', check);
      this.#keepBooks(event);
    }
    looking('programs', () => this.#programs.check(this.#state));
    looking('retries', () => this.retries.check(envelope, outcome, this.#state));
    this.#checkShadow();
    checkState(this.#state, this.#config, this.#now);
    this.#attached.check(this.#state, this.#config, this.#now);
    looking('memory', () => checkMemory(this.#state, this.#room));
    if (this.#journal.length % RECOUNT_EVERY === 0) {
      looking('memory', () => checkRecount(this.#state));
    }
    if (command.type === 'config.changed' || command.type === 'account.resumed') {
      looking('changed configuration', () => checkRings(this.#state, this.#config));
    }
    if (command.type === 'account.resumed') {
      looking('restarts', () => checkResumed(this.#state, this.#config, outcome.events, this.#now));
    }
    if (command.type === 'clock.moved' && command.by > 0) {
      looking('time that was set', () => this.#checkMoved(outcome.events));
    }
    this.#seenAt = this.#now;
  }

  /** A clock that is set forward brings nothing but the hour of the day. */
  #checkMoved(events: readonly AccountEvent[]): void {
    if (this.#seenAt === null) return;
    const types = events.map(({ type }) => type);
    const opened = types.includes('chat.held');
    const brought = types.filter((type) => type !== 'clock.moved' && type !== 'chat.held');
    requireThat(opened || brought.length === 0, `a clock that is set brings ${brought.join()}`);
  }

  #keepBooks(event: AccountEvent): void {
    this.seen.set(event.type, (this.seen.get(event.type) ?? 0) + 1);
    if (event.type === 'chat.requested') this.#requested.add(event.chatId);
    if (event.type !== 'chats.forgotten') return;
    for (const chatId of event.chatIds) this.#forgotten.add(chatId);
  }

  /** A refused command did no more than a look at the clock would have done. */
  #checkRefusal(events: readonly AccountEvent[]): void {
    const copy = restored(this.#shadow);
    const looked = execute<'tick'>(
      copy,
      this.#config,
      { command: { type: 'tick', due: [] }, actor: SYSTEM, now: this.#now },
      this.#room,
    );
    requireEqual(events, looked.events, 'a refused command changes nothing');
  }

  #checkShadow(): void {
    looking('journal', () => this.#checkJournal());
    const live = [...this.#requested].filter((chatId) => !this.#forgotten.has(chatId));
    looking('kept chats', () =>
      requireEqual([...this.#state.chats.keys()], live, 'no chat is lost'),
    );
  }

  #checkJournal(): void {
    requireEqual(takeSnapshot(this.#shadow), takeSnapshot(this.#state), 'the journal holds it all');
    for (const key of this.#shadow.deadlines.takeDue(this.#now)) {
      requireThat(key.startsWith('busy:'), `${key} is due in the journal, and not in the account`);
    }
    requireThat(
      this.#shadow.deadlines.next() === this.#state.deadlines.next(),
      'the journal holds what is next',
    );
  }

  #command(step: Exclude<Step, { do: 'snapshot' | 'again' }>): AccountCommand | null {
    switch (step.do) {
      case 'open':
        return {
          type: 'session.open',
          userId: step.user,
          cookieHash: step.key === undefined ? null : 'a hash',
          ...(step.supervises === true ? { supervises: true } : {}),
        };
      case 'clock':
        return { type: 'clock.moved', by: step.by };
      case 'close': {
        const sessionId = this.#picks.session(step.session);
        return { type: 'session.close', sessionId, reason: step.reason };
      }
      case 'logout':
        return { type: 'user.logout', userId: step.user };
      case 'set': {
        const sessionId = this.#picks.session(step.session);
        const reason = step.reason == null ? {} : { reasonId: step.reason };
        return { type: 'session.setAvailability', sessionId, availability: step.to, ...reason };
      }
      case 'accept':
        return {
          type: 'session.accept',
          sessionId: this.#picks.session(step.session, step.of),
          ...(step.offer == null
            ? {}
            : { offerId: this.#picks.offer(step.session, step.of, step.offer) }),
        };
      case 'request':
        return {
          type: 'chat.request',
          skillId: step.agent === null ? step.skill : null,
          forUserId: step.agent,
          maxWait: step.maxWait,
          timeout: null,
          visitor: visitorOf(step),
          preChatLines: Array.from({ length: step.lines }, (_, index) => `line ${index}`),
          ...(step.as == null ? {} : { participant: this.#picks.participant(step.as) }),
        };
      case 'identify':
        return identification(step, this.#now);
      case 'say': {
        const chatId = this.#picks.chat(step.chat);
        return {
          type: 'chat.addLine',
          chatId,
          from: this.#picks.party(chatId, step.who),
          text: 'hello',
          textType: 'plain',
          subType: step.subType,
        };
      }
      case 'end': {
        const chatId = this.#picks.chat(step.chat);
        return { type: 'chat.end', chatId, from: this.#picks.party(chatId, step.who) };
      }
      case 'read': {
        const chatId = this.#picks.chat(step.chat);
        const from = this.#picks.party(chatId, step.who);
        return { type: 'chat.read', chatId, from, read: step.read };
      }
      case 'name':
        return {
          type: 'chat.setVisitorName',
          chatId: this.#picks.chat(step.chat),
          name: step.name,
        };
      case 'transfer': {
        const chatId = this.#picks.chat(step.chat, step.of);
        const party = this.#picks.party(chatId, step.who);
        const sessionId = party.party === 'agent' ? party.sessionId : 'none';
        const to = 'skill' in step.to ? { skillId: step.to.skill } : { userId: step.to.user };
        return { type: 'chat.transfer', chatId, sessionId, to, text: step.text };
      }
      case 'variable': {
        const variables = [{ name: 'plan', value: step.value }];
        return { type: 'chat.setVariables', chatId: this.#picks.chat(step.chat), variables };
      }
      case 'survey': {
        const chatId = this.#picks.chat(step.chat);
        const from = this.#picks.party(chatId, step.who);
        return { type: 'chat.answerSurvey', chatId, from, survey: filled(step.answer) };
      }
      case 'leave':
        return offlineSurvey();
      case 'visit':
        return visitReport(step, this.#now);
      case 'forget':
        return forgetting(step, this.#state);
      case 'mail': {
        const chatId = this.#picks.chat(step.chat);
        const email = 'vera@example.com';
        return { type: 'transcript.request', chatId, email, subject: null };
      }
      case 'mailed': {
        const mails = [...this.#state.outbox.keys()];
        const mailId = mails[step.mail % (mails.length + 1)] ?? 'none';
        const outcome =
          step.became === 'sent'
            ? ({ became: 'sent' } as const)
            : ({ became: 'failed', reason: 'refused' } as const);
        return { type: 'transcript.settle', mailId, outcome };
      }
      case 'assign': {
        const to = 'skill' in step.to ? { skillId: step.to.skill } : { userId: step.to.user };
        return { type: 'chat.assign', chatId: this.#picks.chat(step.chat), byUserId: 99, to };
      }
      case 'closeChat':
        return { type: 'chat.close', chatId: this.#picks.chat(step.chat), byUserId: 99 };
      case 'skill': {
        const skills = new Map(this.#config.skills);
        const users = new Map(this.#config.users);
        if (step.exists) {
          skills.set(step.skill, { id: step.skill, name: `Skill ${step.skill}`, maxWaitTime: 60 });
        } else {
          skills.delete(step.skill);
          for (const [id, user] of users) {
            const skillIds = user.skillIds.filter((held) => held !== step.skill);
            users.set(id, { ...user, skillIds });
          }
        }
        this.#config = { ...this.#config, skills, users };
        return { type: 'config.changed' };
      }
      case 'silence':
        return { type: 'chat.visitorLost', chatId: this.#picks.chat(step.chat) };
      case 'pass':
        return { type: 'tick', due: [] };
      case 'deadline':
        return { type: 'tick', due: [`${step.what}:${this.#picks.chat(step.chat)}`] };
      case 'configure': {
        const user = this.#config.users.get(step.user);
        if (user === undefined) return null;
        const users = new Map(this.#config.users).set(user.id, { ...user, ...step.facts });
        this.#config = { ...this.#config, users };
        return { type: 'config.changed' };
      }
      case 'settings': {
        const { atStart, afterMaxWait, ringSeconds } = step;
        const nobodyOnline = { atStart, afterMaxWait };
        const settings = { ...this.#config.settings, nobodyOnline, ringSeconds };
        this.#config = { ...this.#config, settings };
        return { type: 'config.changed' };
      }
      case 'rules':
        this.#config = withRules(this.#config, step);
        return { type: 'config.changed' };
      case 'hours': {
        const openingHours = HOURS[step.open];
        this.#config = { ...this.#config, settings: { ...this.#config.settings, openingHours } };
        return { type: 'config.changed' };
      }
      case 'share': {
        const skill = this.#config.skills.get(step.skill);
        if (skill === undefined) return null;
        const skills = new Map(this.#config.skills);
        skills.set(skill.id, { ...skill, routing: step.routing });
        this.#config = { ...this.#config, skills };
        return { type: 'config.changed' };
      }
      case 'restart':
        return { type: 'account.resumed' };
      default:
        return roleCommand(step, this.#picks);
    }
  }
}
