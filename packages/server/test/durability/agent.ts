/** An agent who works at random and remembers what they were told. */
import { DEMO_PASSWORD, textAt } from '../harness.js';
import * as chats from './agent-chat.js';
import type { Ledger } from './ledger.js';
import { isGood, isUnsure, type Line, type Outcome } from './line.js';
import type { Random } from './random.js';
import type { ToldChat } from './told.js';

export interface LoggedIn {
  readonly bearer: string;
  readonly csrf: string;
  cookie: string;
}

export type Availability = 'Online' | 'Occupied' | 'Away';

/** An agent session as the agent knows it. */
export interface Workplace {
  /** Below the account. */
  readonly path: string;
  /** What it may be: more than one while a change was not acknowledged. */
  availability: readonly Availability[];
  /** The chats the agent is in, by id. */
  readonly chats: Map<string, chats.ChatAtWork>;
  /** Set when something that makes or ends a session or brings a chat was not answered. */
  unsure: null | 'closing' | 'accepting' | 'taking over';
}

/** Where an agent stands. Who is unsure of a login or session starts anew after the next restart. */
export type Standing =
  | { readonly at: 'home' }
  | { readonly at: 'desk'; readonly login: LoggedIn; readonly logout: 'none' | 'unsure' }
  | { readonly at: 'work'; readonly login: LoggedIn; readonly place: Workplace };

export class AgentActor {
  readonly user: string;
  readonly ledger: Ledger;
  readonly random: Random;
  standing: Standing = { at: 'home' };
  /** A chat that ended in this agent's hands. */
  finished: ToldChat | null = null;
  /** Whether a session with chats may be left that the agent lost sight of. */
  leftBehind = false;

  constructor(user: string, ledger: Ledger, random: Random) {
    this.user = user;
    this.ledger = ledger;
    this.random = random;
  }

  /** Does one thing, or a few at once. */
  async step(line: Line): Promise<void> {
    const { standing } = this;
    if (standing.at === 'home') return this.logIn(line);
    if (standing.at === 'desk' && standing.logout === 'unsure')
      return this.checkLogin(line, standing.login);
    if (standing.at === 'desk') return this.openSession(line);
    const { place, login } = standing;
    // Who has lost track starts a new session, which brings along what there is.
    if (place.unsure !== null) return this.openSession(line);
    const choice = this.random.weighted({
      incoming: 30,
      chat: 60,
      availability: place.availability.includes('Online') ? 3 : 15,
      look: 3,
      takeover: 2,
      refresh: 1,
      logout: 1,
      close: 1,
    });
    switch (choice) {
      case 'incoming':
        return chats.takeIncoming(this, line, login, place);
      case 'chat':
        return chats.workOnChat(this, line, login, place);
      case 'availability':
        return this.#setAvailability(line, login, place);
      case 'look':
        return this.look(line, place, login);
      case 'takeover':
        return this.openSession(line);
      case 'refresh':
        return this.#refresh(line, login);
      case 'logout':
        return this.#leave(line, login, place, 'logout');
      case 'close':
        return this.#leave(line, login, place, 'close');
      default:
        return choice satisfies never;
    }
  }

  async logIn(line: Line): Promise<void> {
    const body = { username: this.user, password: DEMO_PASSWORD };
    const outcome = await line.send('POST', '/login?v=1.3', { body });
    if (isGood(outcome) && outcome.body !== undefined) {
      const bearer = textAt(outcome.body, 'bearer');
      const csrf = textAt(outcome.body, 'csrf');
      const login = { bearer, csrf, cookie: outcome.cookie ?? '' };
      this.standing = { at: 'desk', login, logout: 'none' };
    } else this.expect('login', outcome, []);
  }

  /** Finds out what became of a logout that was not answered. */
  async checkLogin(line: Line, login: LoggedIn): Promise<void> {
    const outcome = await line.send('GET', '/agentSession/1?v=1', login);
    if (outcome.status === 401) this.standing = { at: 'home' };
    else if (outcome.status === 404) this.standing = { at: 'desk', login, logout: 'none' };
    else this.expect('a login', outcome, []);
  }

  /** Opens a session; one that is still live is taken over. */
  async openSession(line: Line): Promise<void> {
    const { standing } = this;
    if (standing.at === 'home') return;
    const { login } = standing;
    const before = standing.at === 'work' ? standing.place : null;
    const outcome = await line.send('POST', '/agentSession?v=1&NC=true', login);
    const path = outcome.location;
    if (!isGood(outcome) || path === null) {
      if (isUnsure(outcome) && before !== null) before.unsure = 'taking over';
      // It may have been opened all the same: chats would ring where nobody knows of it.
      else if (isUnsure(outcome)) this.leftBehind = true;
      else this.expect('opening a session', outcome, []);
      return;
    }
    const place: Workplace = { path, availability: ['Online'], chats: new Map(), unsure: null };
    this.standing = { at: 'work', login, place };
    if (before !== null) {
      this.ledger.counts.takeovers += 1;
      this.ledger.deadSessions.push({ user: this.user, path: before.path });
    }
    const surprises = this.leftBehind || (before !== null && before.unsure !== null);
    if (await chats.adoptTakenOver(this, line, login, place, before, surprises)) {
      this.leftBehind = false;
    } else place.unsure = 'taking over';
  }

  /** Whether the session is as it should be. */
  async look(line: Line, place: Workplace, login: LoggedIn): Promise<void> {
    const outcome = await line.send('GET', `${place.path}/availability?v=1`, login);
    if (isGood(outcome) && outcome.body !== undefined) {
      const found = textAt(outcome.body, 'availability.chat') as Availability;
      if (!place.availability.includes(found)) {
        this.wrong(`the session is ${found}; it should be ${place.availability.join(' or ')}`);
      }
      if (place.unsure !== 'taking over') place.availability = [found];
    } else if (place.unsure === null || place.unsure === 'accepting') {
      this.expect('the session', outcome, []);
    }
  }

  async #setAvailability(line: Line, login: LoggedIn, place: Workplace): Promise<void> {
    const chat = this.random.weighted({ Online: 3, Occupied: 1, Away: 1 });
    const body = { availability: { chat } };
    const path = `${place.path}/availability?v=1`;
    const outcome = await line.send('PUT', path, { ...login, body });
    if (isGood(outcome)) place.availability = [chat];
    else if (isUnsure(outcome)) place.availability = [...place.availability, chat];
    this.expect('availability', outcome, []);
  }

  async #refresh(line: Line, login: LoggedIn): Promise<void> {
    const { csrf, bearer, cookie } = login;
    const outcome = await line.send('POST', '/refresh?v=1.3', { bearer, cookie, body: { csrf } });
    if (isGood(outcome)) login.cookie = outcome.cookie ?? '';
    this.expect('refresh', outcome, []);
  }

  /** Ends the session, alone or with the login; the chats go back to their queues. */
  async #leave(
    line: Line,
    login: LoggedIn,
    place: Workplace,
    how: 'logout' | 'close',
  ): Promise<void> {
    this.ledger.sessionsEnded += 1;
    for (const { chat } of place.chats.values()) chat.released = true;
    const { bearer, csrf } = login;
    const outcome =
      how === 'close'
        ? await line.send('DELETE', `${place.path}?v=1`, { bearer })
        : await line.send('POST', '/logout?v=1.3', { bearer, body: { csrf } });
    if (isGood(outcome)) {
      this.ledger.counts.logouts += 1;
      this.ledger.deadSessions.push({ user: this.user, path: place.path });
      if (how === 'logout') this.ledger.deadBearers.push(bearer);
      this.standing = how === 'logout' ? { at: 'home' } : { at: 'desk', login, logout: 'none' };
    } else if (isUnsure(outcome)) {
      place.unsure = 'closing';
      this.leftBehind = true;
      if (how === 'logout') this.standing = { at: 'desk', login, logout: 'unsure' };
    } else this.expect(how, outcome, []);
  }

  wrong(what: string): void {
    this.ledger.wrong(`${this.user}: ${what}`);
  }

  /** Anything but a good answer, a crash or an expected refusal breaks a promise. */
  expect(what: string, outcome: Outcome, refusals: readonly number[]): void {
    if (isGood(outcome) || isUnsure(outcome) || refusals.includes(outcome.status)) return;
    this.wrong(`${what} was answered ${outcome.status}: ${outcome.text}`);
  }
}
