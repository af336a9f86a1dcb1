/**
 * The API as clients call it: each call is recorded with what became of it.
 *
 * Not by the SDK, by intention: the checker must know of each single try what was sent, and whether an answer
 * came; the SDK repeats a call until there is one. That its retries double nothing is tested with the SDK, in
 * packages/client/test/streams.test.ts.
 */
import { at, DEMO_PASSWORD, DEMO_VISITOR_KEY, textAt } from '../../harness.js';
import { DEMO_USERS } from '../../../src/demo.js';
import type {
  Answer,
  Ask,
  Asker,
  OperationName,
  Operations,
  RecordKind,
  RecordValue,
} from '../history/format.js';
import type { Outcome, Recorder } from '../history/recorder.js';
import { eventsIn } from './documents.js';
import type { Line, Reply, Sent } from './line.js';
import { REFUSALS } from './refusals.js';

/** Longest silence a visitor asks for, seconds: visitors are not to be lost by slow machines. */
const PATIENCE_S = 600;

const appKey = DEMO_VISITOR_KEY;

interface Credentials {
  readonly bearer: string;
  readonly csrf: string;
  readonly cookie: string;
}

export class Api {
  readonly #recorder: Recorder;
  /** By the name that the history has for a login. */
  readonly #logins = new Map<string, Credentials>();
  readonly #userOf = new Map<string, string>();
  /** By which login each session was opened. */
  readonly #loginOf = new Map<string, string>();
  /** The last session that each login opened. */
  readonly #sessionOf = new Map<string, string>();
  /** What was acknowledged to have ended, in this order: it can be tried whether it stays so. */
  readonly ended = { logins: [] as string[], sessions: [] as string[] };
  /** The server that is called at present. */
  line: Line | null = null;
  #names = 0;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  /** A text that is used once. */
  name(kind: string): string {
    this.#names += 1;
    return `${kind}-${this.#names}`;
  }

  request(by: string, asked: Operations['request']['ask']): Promise<Outcome<'request'>> {
    const { name, hidden, skill } = asked;
    const request = {
      visitorName: name,
      interactionTimeout: PATIENCE_S,
      ...(hidden.length === 0 ? {} : { preChatLines: hidden }),
      ...(skill === undefined ? {} : { skill }),
    };
    const sent = { appKey, body: { request } };
    return this.#call(by, { do: 'request', ...asked }, 'POST', '/chat/request', sent, (reply) => {
      const [, chat] = /^\/chat\/(.+)$/.exec(reply.location ?? '') ?? [];
      return chat === undefined ? null : { chat };
    });
  }

  say(
    by: string,
    chat: string,
    asker: Asker,
    text: string,
    hidden = false,
  ): Promise<Outcome<'say'>> {
    const event = { '@type': 'line', text, ...(hidden ? { subType: 'ONLY_TO_REP' } : {}) };
    const ask: Ask<'say'> = { do: 'say', chat, by: asker, text, hidden };
    return this.#write(by, ask, event);
  }

  end(by: string, chat: string, asker: Asker): Promise<Outcome<'end'>> {
    return this.#write(by, { do: 'end', chat, by: asker }, { '@type': 'state', state: 'ended' });
  }

  #write<N extends 'say' | 'end'>(by: string, ask: Ask<N>, event: unknown): Promise<Outcome<N>> {
    const { chat, by: asker } = ask as Ask<'end'>;
    const sent = { ...this.#credential(asker), body: { event } };
    return this.#call(by, ask, 'POST', `${chatUri(chat, asker)}/events`, sent, ({ location }) => {
      const [, event] = /\/events\/(\d+)$/.exec(location ?? '') ?? [];
      return event === undefined ? null : ({ event: Number(event) } as Answer<N>);
    });
  }

  read(by: string, chat: string, asker: Asker, from: number): Promise<Outcome<'read'>> {
    const uri = chatUri(chat, asker);
    // The whole chat is answered by its own resource too.
    const path = from === 0 && asker === 'visitor' ? uri : `${uri}/events?from=${from}`;
    const ask: Ask<'read'> = { do: 'read', chat, by: asker, from };
    return this.#call(by, ask, 'GET', path, this.#credential(asker), ({ body }) => eventsIn(body));
  }

  info(by: string, chat: string, asker: Asker): Promise<Outcome<'info'>> {
    const path = `${chatUri(chat, asker)}/info`;
    const ask: Ask<'info'> = { do: 'info', chat, by: asker };
    return this.#call(by, ask, 'GET', path, this.#credential(asker), ({ body }) => ({
      state: textAt(body, 'info.state'),
      name: textAt(body, 'info.visitorName'),
    }));
  }

  transfer(
    by: string,
    chat: string,
    asker: Asker,
    to: Operations['transfer']['ask']['to'],
    text: string,
  ): Promise<Outcome<'transfer'>> {
    const target = 'skill' in to ? { skill: { id: to.skill } } : { agent: { id: idOf(to.agent) } };
    const sent = { ...this.#credential(asker), body: { transfer: { ...target, text } } };
    const path = `${chatUri(chat, asker)}/transfer`;
    return this.#call(
      by,
      { do: 'transfer', chat, by: asker, to, text },
      'POST',
      path,
      sent,
      () => ({}),
    );
  }

  accept(by: string, session: string): Promise<Outcome<'accept'>> {
    const sent = { ...this.#credential(session), body: {} };
    const path = `${session}/incomingRequests`;
    return this.#call(by, { do: 'accept', session }, 'POST', path, sent, ({ location }) => {
      const [, chat] = /\/chat\/(.+)$/.exec(location ?? '') ?? [];
      return chat === undefined ? null : { chat };
    });
  }

  ringing(by: string, session: string): Promise<Outcome<'ringing'>> {
    return this.#ofSession(by, { do: 'ringing', session }, '/incomingRequests', ({ body }) => ({
      count: Number(textAt(body, 'incomingRequests.ringingCount')),
    }));
  }

  availability(by: string, session: string): Promise<Outcome<'availability'>> {
    return this.#ofSession(by, { do: 'availability', session }, '/availability', ({ body }) => ({
      is: textAt(body, 'availability.chat'),
    }));
  }

  become(by: string, session: string, what: string): Promise<Outcome<'become'>> {
    const sent = { ...this.#credential(session), body: { availability: { chat: what } } };
    const path = `${session}/availability`;
    return this.#call(by, { do: 'become', session, what }, 'PUT', path, sent, () => ({}));
  }

  staff(by: string, session: string): Promise<Outcome<'staff'>> {
    return this.#ofSession(by, { do: 'staff', session }, '/availableAgents', ({ body }) => {
      const agents = at(body, 'availableAgents.agents.agent');
      const online = (Array.isArray(agents) ? agents : [])
        .filter((each) => at(each, '@chatState') !== OFFLINE)
        .map((each) => textAt(each, 'userName'));
      return { online };
    });
  }

  brought(by: string, session: string): Promise<Outcome<'brought'>> {
    return this.#ofSession(by, { do: 'brought', session }, '/chatSessions', ({ body }) => {
      const listed = at(body, 'chatSessions.chatSession');
      const each = Array.isArray(listed) ? listed : [];
      return { chats: each.map((one) => textAt(one, 'chatSessionKey')) };
    });
  }

  async login(by: string, user: string): Promise<Outcome<'login'>> {
    const login = this.name('login');
    const sent = { body: { username: user, password: DEMO_PASSWORD } };
    return this.#call(by, { do: 'login', user }, 'POST', '/login', sent, ({ body, cookie }) => {
      const bearer = textAt(body, 'bearer');
      this.#userOf.set(login, user);
      this.#logins.set(login, { bearer, csrf: textAt(body, 'csrf'), cookie: cookie ?? '' });
      return { login };
    });
  }

  logout(by: string, login: string): Promise<Outcome<'logout'>> {
    const { bearer, csrf } = this.#login(login);
    return this.#call(
      by,
      { do: 'logout', login },
      'POST',
      '/logout',
      { bearer, body: { csrf } },
      () => {
        this.ended.logins.push(login);
        return {};
      },
    );
  }

  refresh(by: string, login: string): Promise<Outcome<'refresh'>> {
    const { cookie, csrf } = this.#login(login);
    return this.#call(
      by,
      { do: 'refresh', login },
      'POST',
      '/refresh',
      { cookie, body: { csrf } },
      () => ({}),
    );
  }

  /** Asks for a session that there is not: only who is logged in reads so. */
  use(by: string, login: string): Promise<Outcome<'use'>> {
    const { bearer } = this.#login(login);
    const asSeen = (reply: Reply) => (reply.status === 404 ? { ...reply, status: 200 } : reply);
    return this.#call(
      by,
      { do: 'use', login },
      'GET',
      '/agentSession/1',
      { bearer },
      () => ({}),
      asSeen,
    );
  }

  open(by: string, login: string): Promise<Outcome<'open'>> {
    const { bearer } = this.#login(login);
    return this.#call(
      by,
      { do: 'open', login },
      'POST',
      '/agentSession?NC=true',
      { bearer },
      ({ location }) => {
        if (location === null) return null;
        const before = this.#sessionOf.get(login);
        if (before !== undefined) this.ended.sessions.push(before);
        this.#sessionOf.set(login, location);
        this.#loginOf.set(location, login);
        return { session: location };
      },
    );
  }

  close(by: string, session: string): Promise<Outcome<'close'>> {
    const sent = this.#credential(session);
    return this.#call(by, { do: 'close', session }, 'DELETE', session, sent, () => {
      this.ended.sessions.push(session);
      return {};
    });
  }

  /** @param more fields beside the stamp */
  write(
    by: string,
    login: string,
    asked: Operations['write']['ask'],
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<Outcome<'write'>> {
    const { kind, record, value, ifRevision } = asked;
    const method = value === null ? 'DELETE' : record === null ? 'POST' : 'PUT';
    const path = `/configuration/le-users/${kind}${record === null ? '' : `/${record}`}`;
    const sent = {
      bearer: this.#login(login).bearer,
      ...(ifRevision === undefined ? {} : { ifMatch: `"${ifRevision}"` }),
      ...(value === null ? {} : { body: { ...more, ...fieldsOf(value) } }),
    };
    return this.#call(
      by,
      { do: 'write', ...asked },
      method,
      path,
      sent,
      ({ revision, location }) => {
        const { user } = asked;
        if (user !== undefined && value?.enabled === false) this.#endLoginsOf(user);
        const made = Number(location?.split('/').at(-1));
        return revision === null ? null : { record: record ?? made, revision };
      },
    );
  }

  reset(by: string, login: string, user: string): Promise<Outcome<'reset'>> {
    const path = `/configuration/le-users/users/${idOf(user)}/resetPassword`;
    const body = { newPassword: DEMO_PASSWORD, changePwdNextLogin: false };
    const sent = { bearer: this.#login(login).bearer, body };
    return this.#call(by, { do: 'reset', user }, 'PUT', path, sent, () => {
      this.#endLoginsOf(user);
      return {};
    });
  }

  list(by: string, login: string, kind: RecordKind): Promise<Outcome<'list'>> {
    const { bearer } = this.#login(login);
    const path = `/configuration/le-users/${kind}`;
    return this.#call(by, { do: 'list', kind }, 'GET', path, { bearer }, ({ body, revision }) => {
      if (revision === null || !Array.isArray(body)) return null;
      const stamps = body.map((each) => [Number(at(each, 'id')), String(at(each, 'description'))]);
      return { revision, stamps: Object.fromEntries(stamps) };
    });
  }

  #endLoginsOf(user: string): void {
    for (const [login, of] of this.#userOf) {
      if (of === user && !this.ended.logins.includes(login)) this.ended.logins.push(login);
    }
  }

  #ofSession<N extends 'ringing' | 'availability' | 'staff' | 'brought'>(
    by: string,
    ask: Ask<N>,
    path: string,
    answerOf: (reply: Reply) => Answer<N>,
  ): Promise<Outcome<N>> {
    const { session } = ask as { readonly session: string };
    return this.#call(by, ask, 'GET', session + path, this.#credential(session), answerOf);
  }

  /** @param answerOf what a good reply says; null when it is not all there */
  #call<N extends OperationName>(
    by: string,
    ask: Ask<N>,
    method: string,
    path: string,
    sent: Sent,
    answerOf: (reply: Reply) => Answer<N> | null,
    asSeen: (reply: Reply) => Reply = (reply) => reply,
  ): Promise<Outcome<N>> {
    const { line } = this;
    if (line === null) throw new Error('there is no server to call');
    return this.#recorder.call(by, ask, async () => {
      const version = path.includes('?') ? '&v=1' : '?v=1';
      const reply = asSeen(await line.send(method, path + version, sent));
      const { status, text, body } = reply;
      if (status === 0 || status >= 500) return { unknown: status };
      if (status >= 300) {
        if (!REFUSALS[ask.do as N].includes(status)) {
          this.#recorder.complain(
            `${ask.do} by ${by} was answered ${status}: ${text.slice(0, 500)}`,
          );
        }
        return { refused: status };
      }
      // A read that was cut off says nothing; a write was done, and its head says enough.
      if (method === 'GET' && body === undefined) return { unknown: 0 };
      try {
        const ok = answerOf(reply);
        return ok === null ? { unknown: 0 } : { ok };
      } catch (error) {
        if (body !== undefined) this.#recorder.complain(`${ask.do} by ${by}: ${String(error)}`);
        return { unknown: 0 };
      }
    });
  }

  #credential(asker: string): Sent {
    if (asker === 'visitor') return { appKey };
    return { bearer: this.#login(this.#loginOf.get(asker) ?? '').bearer };
  }

  #login(name: string): Credentials {
    const login = this.#logins.get(name);
    if (login === undefined) throw new Error(`there is no login ${name}`);
    return login;
  }
}

/** As `@chatState` has it. */
const OFFLINE = '1';

function chatUri(chat: string, asker: Asker): string {
  return asker === 'visitor' ? `/chat/${chat}` : `${asker}/chat/${chat}`;
}

/** The id of a user of the demo. */
export function idOf(user: string): number {
  const found = DEMO_USERS.find(({ loginName }) => loginName === user);
  if (found === undefined) throw new Error(`there is no user ${user}`);
  return found.id;
}

function fieldsOf({ stamp, enabled }: RecordValue): object {
  return { description: stamp, ...(enabled === undefined ? {} : { isEnabled: enabled }) };
}
