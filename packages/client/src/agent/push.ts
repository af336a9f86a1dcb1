/** What an agent session's stream sends, brought to where it belongs. */
import { type Doc, docOf, findLink, listOf, type Relation } from '../core/document.js';
import { type Carrier, type Frame, type Listen, listenTo } from '../core/stream.js';
import { transportOf, type WebSocketConstructor, webSocketOf } from '../core/web-socket.js';
import type { AgentChat } from './chat.js';
import type { ChatEnd } from './chat-types.js';
import type { ChatRole } from './participants.js';
import { type Availability, type ColleagueState, readAvailability } from './documents.js';
import { type Approval, readApproval } from './programs.js';
import type { Session } from './session.js';

/** Who takes in what a stream sends. */
export interface Heard {
  readonly session: Session;
  /** What carries the stream; null while nothing does: then news must be asked for. */
  up(via: Carrier | null): void;
  /** Something may have passed by unheard: everything is asked for. */
  missed(): void;
  incoming(data: Doc): void;
  availability(availability: Availability): void;
  approval(approval: Approval): void;
  roster(agents: readonly ColleagueState[]): void;
  supervision(): void;
  chats(): ReadonlyMap<string, AgentChat>;
  /** The chat at an address, also one that is new here; null when it is not there. */
  chatAt(href: string, resumed: boolean, role?: ChatRole): Promise<AgentChat | null>;
}

/** Listens over a WebSocket where one gets through, else over `fetch`. */
export function listening(webSocket?: WebSocketConstructor | null): Listen {
  const Socket = webSocketOf(webSocket);
  return async (http, streamed, signal) => {
    const transport = transportOf(http, streamed, Socket);
    if (transport !== null) await listenTo(http, streamed, transport, signal);
  };
}

/** Listens to the session's stream as long as there is one. */
export async function listenToSession(
  heard: Heard,
  listen: Listen,
  signal: AbortSignal,
): Promise<void> {
  const { session } = heard;
  const chats = new ChatQueue(heard);
  const address = (rel: Relation, query: string) => {
    const href = session.findLink(rel);
    return href === undefined ? undefined : session.address(href, query);
  };
  await listen(
    {
      clock: session.http.clock,
      // A ticket: the session may be another one by the time it is asked for again.
      send: (request) =>
        session.request(() => ({ ...request, url: session.address(session.link('tickets')) })),
      stream: (url, until) => session.stream(url, until),
    },
    {
      key: session.tabsName ?? session.uri,
      address,
      take: (frame) => take(heard, chats, frame),
      up: (via) => heard.up(via),
      missed: () => {
        chats.missed();
        heard.missed();
      },
    },
    signal,
  );
}

function take(heard: Heard, chats: ChatQueue, { type, data }: Frame): void {
  switch (type) {
    case 'hello':
      heard.incoming(data);
      heard.availability(readAvailability(data));
      chats.all(listOf(data['chat']));
      break;
    case 'resync':
      chats.all(listOf(data['chat']));
      break;
    case 'incoming':
      heard.incoming(data);
      break;
    case 'events':
      chats.update(String(data['uri']), { events: data['events'] });
      break;
    case 'info':
      chats.update(String(data['uri']), { info: data['info'] });
      break;
    case 'suggestion':
      chats.suggested(String(data['uri']), docOf(data['suggestion']));
      break;
    case 'approval':
      heard.approval(readApproval(docOf(data['approval'])));
      break;
    case 'chat':
      if (data['change'] === 'came') chats.came(docOf(data['chat']), data['why'] === 'takeover');
      else chats.left(docOf(data['chat']), LEFT_BY[String(data['why'])] ?? 'gone');
      break;
    case 'availability':
      heard.availability(readAvailability(data));
      break;
    case 'roster':
      heard.roster(listOf(data['agent']).map(readColleagueState));
      break;
    case 'supervision':
      heard.supervision();
      break;
    case 'bye':
      bye(heard.session, data['why']);
      break;
    default:
    // A frame of a later server: what it says is not needed to go on.
  }
}

function readColleagueState(agent: Doc): ColleagueState {
  return {
    id: Number(agent['id']),
    nickname: String(agent['nickname']),
    state: String(agent['availability']) as ColleagueState['state'],
    since: String(agent['since'] ?? ''),
  };
}

/** After `slow` and `shutdown` the stream is opened again; a logout is seen by what comes next. */
function bye(session: Session, why: unknown): void {
  if (why === 'takeover') session.end('taken-over');
  if (why === 'session-ended') session.lost();
}

const LEFT_BY: Readonly<Record<string, ChatEnd>> = { end: 'ended', leave: 'left' };

/** So many frames of one chat wait at most, for what must be asked for; then the rest is asked for too. */
const MAX_WAITING = 100;

/**
 * What is sent of one chat is taken in in order, although some of it must be asked for: what was before
 * the stream began, or a chat that is new here.
 */
class ChatQueue {
  readonly #heard: Heard;
  readonly #tails = new Map<string, Promise<void>>();
  readonly #waiting = new Map<string, number>();

  constructor(heard: Heard) {
    this.#heard = heard;
  }

  /** All chats that there are, each with the event from which the stream carries it on. */
  all(chats: readonly Doc[]): void {
    for (const chat of chats) this.came(chat, true);
    const there = new Set(chats.map((chat) => chat['chatSessionKey']));
    for (const chat of this.#heard.chats().values()) {
      // It may have come since that was written: then it is there when it is asked for.
      if (!there.has(chat.id)) this.#after(chat.uri, () => chat.catchUp());
    }
  }

  /** Something of any of them may be missing: it is asked for before what comes now is taken in. */
  missed(): void {
    for (const chat of this.#heard.chats().values()) this.#after(chat.uri, () => chat.catchUp());
  }

  came(frame: Doc, resumed: boolean): void {
    const uri = findLink(frame, 'self');
    if (uri === undefined) return;
    this.#after(uri, async () => {
      const known = this.#heard.chats().get(String(frame['chatSessionKey']));
      const { role } = frame as { readonly role?: ChatRole };
      if (known === undefined) {
        await this.#heard.chatAt(uri, resumed, role);
        return;
      }
      if (known.uri !== uri) await known.move(uri);
      else if (Number(frame['next']) > known.next) await known.catchUp();
      if (role !== undefined) known.take({ role });
    });
  }

  left(frame: Doc, why: ChatEnd): void {
    const uri = findLink(frame, 'self');
    if (uri === undefined) return;
    this.#after(uri, async () => {
      this.#find(uri)?.finish(why);
      this.#tails.delete(uri);
    });
  }

  update(uri: string, chat: Doc): void {
    const waiting = this.#waiting.get(uri) ?? 0;
    // Whatever comes until it is their turn is asked for by the last of them.
    if (waiting > MAX_WAITING) return;
    this.#waiting.set(uri, waiting + 1);
    this.#after(uri, async () => {
      const left = (this.#waiting.get(uri) ?? 1) - 1;
      if (left === 0) this.#waiting.delete(uri);
      else this.#waiting.set(uri, left);
      const known = this.#find(uri);
      if (waiting === MAX_WAITING) await known?.catchUp();
      else known?.take(chat);
    });
  }

  suggested(uri: string, suggestion: Doc): void {
    this.#after(uri, async () => {
      this.#find(uri)?.suggestions.take(suggestion);
    });
  }

  #find(uri: string): AgentChat | undefined {
    return [...this.#heard.chats().values()].find((chat) => chat.uri === uri);
  }

  #after(uri: string, act: () => Promise<void>): void {
    const tail = (this.#tails.get(uri) ?? Promise.resolve()).then(act);
    this.#tails.set(
      uri,
      // Whoever asks for it next meets the same trouble, and says so.
      tail.catch(() => {}),
    );
  }
}
