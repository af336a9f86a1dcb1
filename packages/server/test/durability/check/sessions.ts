/**
 * Logins and agent sessions:
 *
 * 1. A login that was acknowledged works until something ends it: a logout, disabling its user, or
 *    giving them a password anew.
 * 2. What was ended and acknowledged never works again, nor does what was once found ended.
 * 3. An agent session works until it is closed, or its user opens another or is signed out;
 *    then it is gone for good.
 * 4. A session is as available as somebody made it.
 */
import type { Asker } from '../history/format.js';
import { type Call, type Calls, groupBy, type OkCall } from './calls.js';

const UNAUTHORIZED = 401;
const GONE = 404;

/** Something that lives from a call that made it until one that ends it. */
interface Life {
  readonly name: string;
  readonly user: string;
  readonly made: OkCall<'login' | 'open'>;
  /** Calls that end it, if they are done. */
  readonly ends: readonly Call[];
}

export class Sessions {
  readonly problems: string[] = [];
  readonly #logins = new Map<string, Life>();
  readonly #sessions = new Map<string, Life>();
  readonly #calls: Calls;

  constructor(calls: Calls) {
    this.#calls = calls;
    const logins = calls.done('login');
    for (const made of logins) this.#note(this.#logins, made.answer.login, made.ask.user, made);
    const opens = calls.done('open');
    for (const made of opens) {
      const user = this.#logins.get(made.ask.login)?.user;
      if (user === undefined) this.#wrong(`call ${made.number} opened a session by no known login`);
      else this.#note(this.#sessions, made.answer.session, user, made);
    }
    for (const life of this.#logins.values())
      this.#setEnds(this.#logins, life, this.#loginEnds(life));
    for (const life of this.#sessions.values()) {
      this.#setEnds(this.#sessions, life, this.#sessionEnds(life));
    }
  }

  userOf(session: Asker): string | undefined {
    return this.#sessions.get(session)?.user;
  }

  /** Whether a user's session may have ended (other than by being taken over) before a time. */
  mayHaveLeft(user: string, before: number): boolean {
    return this.#leaving(user).some((call) => call.start < before);
  }

  /** When a user's session may have ended first after a time: the calls that may have done it. */
  leavingAfter(user: string, after: number): readonly Call[] {
    return this.#leaving(user).filter(({ until }) => until >= after);
  }

  /** Whether the session must be alive from the beginning to the end of a stretch. */
  requireLive(session: string, from: number, to: number): boolean {
    const life = this.#sessions.get(session);
    if (life === undefined) return false;
    const login = this.#loginOf(life);
    return requireLive(life, from, to) && login !== undefined && requireLive(login, from, to);
  }

  check(): void {
    for (const life of this.#logins.values()) {
      this.#checkLife(life, `login ${life.name} of ${life.user}`, this.#usesOfLogin(life));
    }
    for (const life of this.#sessions.values()) {
      this.#checkLife(life, `session ${life.name} of ${life.user}`, this.#usesOfSession(life));
    }
    this.#checkRefusals();
    for (const life of this.#sessions.values()) this.#checkAvailability(life);
  }

  #note(
    spans: Map<string, Life>,
    name: string,
    user: string,
    made: OkCall<'login' | 'open'>,
  ): void {
    const before = spans.get(name);
    if (before !== undefined) {
      this.#wrong(`calls ${before.made.number} and ${made.number} were both answered ${name}`);
      return;
    }
    spans.set(name, { name, user, made, ends: [] });
  }

  #setEnds(spans: Map<string, Life>, life: Life, ends: readonly Call[]): void {
    const later = ends.filter(
      ({ outcome, until }) => outcome !== 'refused' && until > life.made.start,
    );
    spans.set(life.name, { ...life, ends: later });
  }

  #loginEnds({ name, user }: Life): Call[] {
    return [
      ...this.#calls.of('logout').filter(({ ask }) => ask.login === name),
      ...this.#signOuts(user),
    ];
  }

  #sessionEnds({ name, user, made }: Life): Call[] {
    return [
      ...this.#leaving(user, name),
      ...this.#calls
        .of('open')
        .filter((open) => open !== made && this.#logins.get(open.ask.login)?.user === user),
    ];
  }

  /** What ends a user's session, or one of them, without another one taking over. */
  #leaving(user: string, session?: string): Call[] {
    return [
      ...this.#calls
        .perhaps('close')
        .filter(({ ask }) =>
          session === undefined
            ? this.userOf(ask.session as Asker) === user
            : ask.session === session,
        ),
      ...this.#calls
        .perhaps('logout')
        .filter(({ ask }) => this.#logins.get(ask.login)?.user === user),
      ...this.#signOuts(user),
    ];
  }

  /** What ends all logins and sessions of a user. */
  #signOuts(user: string): Call[] {
    const resets = this.#calls.perhaps('reset').filter(({ ask }) => ask.user === user);
    return [...this.#disablings(user), ...resets];
  }

  #disablings(user: string): Call<'write'>[] {
    return this.#calls
      .perhaps('write')
      .filter(
        ({ ask }) => ask.user === user && (ask.value === null || ask.value.enabled === false),
      );
  }

  #loginOf({ made }: Life): Life | undefined {
    return made.ask.do === 'open' ? this.#logins.get(made.ask.login) : undefined;
  }

  /** Calls that show whether a login is alive. */
  #usesOfLogin({ name }: Life): Use[] {
    const own = this.#calls
      .of('use', 'refresh', 'open', 'logout')
      .filter(({ ask }) => ask.login === name);
    const sessions = [...this.#sessions.values()].filter(
      (life) => this.#loginOf(life)?.name === name,
    );
    const used = sessions.flatMap((life) => this.#callsOf(life.name));
    return [...own, ...used].flatMap((call) => useOf(call, UNAUTHORIZED, true));
  }

  #usesOfSession({ name }: Life): Use[] {
    return this.#callsOf(name).flatMap((call) => {
      // A chat that is not there is answered like a session that is not there.
      const aboutChat = 'chat' in call.ask || call.ask.do === 'accept';
      return useOf(call, GONE, !aboutChat);
    });
  }

  /** Calls made in a session. */
  #callsOf(session: string): Call[] {
    this.#bySession ??= groupBy(this.#calls.all, ({ ask }) =>
      'session' in ask ? ask.session : 'by' in ask ? ask.by : '',
    );
    return this.#bySession.get(session) ?? [];
  }
  #bySession: Map<string, Call[]> | null = null;

  #checkLife(life: Life, what: string, uses: readonly Use[]): void {
    const dead = uses.filter(({ found }) => found === 'dead');
    for (const { call, found } of uses) {
      if (found === 'dead') {
        if (requireLive(life, call.start, call.end)) {
          this.#wrong(
            `${what} is gone in call ${call.number} (${call.ask.do}), and nothing ended it`,
          );
        }
        continue;
      }
      const end = life.ends.find(
        (each) => each.outcome === 'ok' && each.start > life.made.end && each.end < call.start,
      );
      if (end !== undefined) {
        this.#wrong(
          `${what} was ended by call ${end.number} (${end.ask.do}), and works in call ${call.number} (${call.ask.do})`,
        );
      }
      const before = dead.find((use) => use.call.end < call.start);
      if (before !== undefined) {
        this.#wrong(
          `${what} was gone in call ${before.call.number}, and works in call ${call.number} (${call.ask.do})`,
        );
      }
    }
  }

  /** The right password of an enabled user is a login. */
  #checkRefusals(): void {
    for (const call of this.#calls.of('login')) {
      if (call.outcome !== 'refused' || call.status !== UNAUTHORIZED) continue;
      if (!this.#mayBeRefused(call)) {
        this.#wrong(`call ${call.number}: ${call.ask.user} cannot log in`);
      }
    }
  }

  /** Whether its user may be disabled, or is just given the password anew. */
  #mayBeRefused(login: Call<'login'>): boolean {
    const { user } = login.ask;
    const enablings = this.#calls
      .done('write')
      .filter(({ ask }) => ask.user === user && ask.value?.enabled === true);
    const isOver = (change: Call) =>
      enablings.some(({ start, end }) => start > change.until && end < login.start);
    const resets = this.#calls.perhaps('reset').filter(({ ask }) => ask.user === user);
    return (
      this.#disablings(user).some((change) => change.start < login.end && !isOver(change)) ||
      resets.some(({ start, until }) => start < login.end && until > login.start)
    );
  }

  #checkAvailability({ name, user, made }: Life): void {
    const writes = this.#calls.perhaps('become').filter(({ ask }) => ask.session === name);
    for (const read of this.#calls.done('availability')) {
      if (read.ask.session !== name) continue;
      const values = [
        ...(writes.some((write) => write.outcome === 'ok' && write.end < read.start)
          ? []
          : ['Online']),
        ...writes.filter((write) => isVisible(write, writes, read)).map(({ ask }) => ask.what),
      ];
      if (!values.includes(read.answer.is)) {
        this.#wrong(
          `session ${name} of ${user}, opened in call ${made.number}, is ${read.answer.is} in call ${read.number}; somebody made it ${[...new Set(values)].join(' or ')}`,
        );
      }
    }
  }

  #wrong(what: string): void {
    this.problems.push(what);
  }
}

/** A call that shows something alive, or gone. */
interface Use {
  readonly call: Call;
  readonly found: 'alive' | 'dead';
}

/** @param decisive whether a refusal of that status can only mean that it is gone */
function useOf(call: Call, status: number, decisive: boolean): Use[] {
  if (call.outcome === 'ok') return [{ call, found: 'alive' }];
  if (call.outcome === 'refused' && call.status === status && decisive)
    return [{ call, found: 'dead' }];
  return [];
}

/** Whether nothing can have ended it between being made and the end of a stretch. */
function requireLive({ made, ends }: Life, from: number, to: number): boolean {
  return made.end < from && ends.every(({ start }) => start > to);
}

/** Whether a read may show what this write wrote: no other one is surely in between. */
function isVisible(write: Call, writes: readonly Call[], read: Call): boolean {
  if (write.start > read.end) return false;
  return !writes.some(
    (other) =>
      other !== write &&
      other.outcome === 'ok' &&
      write.until < other.start &&
      other.end < read.start,
  );
}
