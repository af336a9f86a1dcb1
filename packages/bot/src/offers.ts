/** What a bot beside agents hears before it comes into a chat. */
import type { Agent, Offer } from '@parley/client/agent';
import type { OfferName } from './event-names.js';
import type { Log } from './log.js';

/** How long the handlers of an offer are waited for, ms: it rings meanwhile, and so do those behind it. */
export const OFFER_MS = 5_000;

export class OfferContext<K extends OfferName = OfferName> {
  readonly type: K;
  /** Who invites, into which skill's chat, with which words, and until when it rings. */
  readonly offer: Offer;
  readonly agent: Agent;
  readonly log: Log;
  #decided: 'no' | null = null;

  constructor(type: K, { offer, agent, log }: Pick<OfferContext, 'offer' | 'agent' | 'log'>) {
    this.type = type;
    this.offer = offer;
    this.agent = agent;
    this.log = log;
  }

  /** Whether the bot stays out of the chat. */
  get isDeclined(): boolean {
    return this.#decided === 'no';
  }

  /**
   * Does not come into the chat; an offer that nobody declines is accepted once its handlers are done.
   * @returns false when it did not ring any more
   */
  decline(): Promise<boolean> {
    this.#decided = 'no';
    return this.offer.decline();
  }
}
