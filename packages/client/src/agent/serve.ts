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

/** Which offers are taken, and until when. */
export interface OfferOptions {
  /**
   * Offers to be this in a chat; `['agent']` by default. Others ring on: invitations to come in beside the agent
   * are for programs that know that they have not the chat.
   */
  readonly roles?: readonly OfferRole[];
  readonly signal?: AbortSignal;
}

/** How `agent.serve` takes chats. */
export interface ServeOptions extends OfferOptions {
  /** Most chats at once; 50 by default. Beyond that the agent is Occupied. */
  readonly concurrency?: number;
  /**
   * Which of these offers are taken. Others go on ringing, for somebody else to take them. The next offer waits
   * until it is said of this one.
   */
  readonly accepts?: (offer: Offer) => boolean | Promise<boolean>;
  /** Takes no more chats; those at hand go on to their end. */
  readonly signal?: AbortSignal;
  /** Called with what a handler throws; by default it is written to the console. The others go on. */
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
