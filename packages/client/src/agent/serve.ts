/** Many chats at once, each with a handler of its own. */
import { EndedError } from '../core/errors.js';
import { Pulse } from '../core/pulse.js';
import type { AgentChat } from './chat.js';
import type { Offer, OfferRole } from './incoming.js';

/** Where chats come from: an agent. */
interface Source {
  readonly chats: ReadonlyMap<string, AgentChat>;
  offers(options: OfferOptions): AsyncIterable<Offer>;
}

/** Which offers to take, and until when. */
export interface OfferOptions {
  /**
   * Only offers for these roles; `['agent']` by default. Other offers keep ringing: invitations to join beside
   * the agent are for programs that know that the chat is not theirs.
   */
  readonly roles?: readonly OfferRole[];
  readonly signal?: AbortSignal;
}

/** Options of `agent.serve`. */
export interface ServeOptions extends OfferOptions {
  /** Maximum number of chats at once; 50 by default. At that number the agent is Occupied. */
  readonly concurrency?: number;
  /**
   * Decides which of these offers to take. Others keep ringing, so that somebody else can take them. The next
   * offer waits until this one is decided.
   */
  readonly accepts?: (offer: Offer) => boolean | Promise<boolean>;
  /** Aborting stops taking chats; present chats go on until they end. */
  readonly signal?: AbortSignal;
  /**
   * Called with errors that a handler throws; by default they are written to the console. Other chats go on.
   */
  readonly onError?: (error: unknown, chat: AgentChat) => void;
}

const CONCURRENCY = 50;

export async function serve(
  agent: Source,
  handle: (chat: AgentChat) => Promise<void>,
  { concurrency = CONCURRENCY, accepts = () => true, onError = report, ...which }: ServeOptions,
): Promise<void> {
  const running = new Set<Promise<void>>();
  const slot = new Pulse();
  const start = (chat: AgentChat) => {
    const done = Promise.resolve(chat)
      .then(handle)
      .catch((error: unknown) => onError(error, chat))
      .finally(() => {
        running.delete(done);
        slot.fire();
      });
    running.add(done);
  };
  const roles: readonly OfferRole[] = which.roles ?? ['agent'];
  for (const chat of agent.chats.values()) {
    if (chat.resumed && roles.includes(chat.role)) start(chat);
  }
  for await (const offer of agent.offers(which)) {
    const taken = accepts(offer);
    if (!(typeof taken === 'boolean' ? taken : await taken)) continue;
    const chat = await offer.accept().catch((error: unknown) => {
      // The session is over: so are its offers.
      if (error instanceof EndedError) return null;
      throw error;
    });
    if (chat !== null) start(chat);
    while (running.size >= concurrency) await slot.next();
  }
  await Promise.all(running);
}

function report(error: unknown, chat: AgentChat): void {
  console.error(`The handler of chat ${chat.id} failed; the chat goes on without it.`, error);
}
