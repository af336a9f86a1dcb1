/** Chats that ring for the agent. */
import { type Doc, docOf, findLink, listOf } from '../core/document.js';
import { RefusedError } from '../core/errors.js';
import { newKey } from '../core/keys.js';
import { Pulse } from '../core/pulse.js';
import type { AgentChat } from './chat.js';

/** In which role an offer asks for somebody. */
export type OfferRole = 'agent' | 'assistant' | 'listener' | 'supervisor';

/** A chat that rings. What only some servers send is null elsewhere. */
export interface Offer {
  /** How many chats ring, this one included. */
  readonly ringing: number;
  readonly id: string | null;
  readonly role: OfferRole;
  readonly skill: string | null;
  readonly visitorName: string | null;
  /** What whoever transfers or invites says about it. */
  readonly text: string | null;
  /** Since when the visitor waits, epoch milliseconds. */
  readonly waitingSince: number | null;
  /** Until when it rings here, epoch milliseconds. */
  readonly ringsUntil: number | null;
  /** Takes the chat; null when it went to somebody else meanwhile. */
  accept(options?: { readonly signal?: AbortSignal }): Promise<AgentChat | null>;
}

/** What an offer is, without what can be done with it. */
export type OfferFacts = Omit<Offer, 'accept' | 'ringing'>;

const NOTHING_KNOWN: OfferFacts = {
  id: null,
  role: 'agent',
  skill: null,
  visitorName: null,
  text: null,
  waitingSince: null,
  ringsUntil: null,
};

/** What the session does for it. */
export interface IncomingContext {
  accept(
    offer: OfferFacts,
    link: string,
    key: string,
    signal?: AbortSignal,
  ): Promise<AgentChat | null>;
  /** Asks for what rings now. */
  incoming(): Promise<unknown>;
  /** Epoch ms. */
  now(): number;
  changed(): void;
}

export class Incoming {
  readonly #context: IncomingContext;
  readonly #pulse = new Pulse();
  /** Given out, and neither accepted nor lost. */
  #handed = 0;
  #ringing = 0;
  #link: string | null = null;
  #facts: readonly OfferFacts[] = [];

  constructor(context: IncomingContext) {
    this.#context = context;
  }

  /** All that ring now, the longest-ringing first. */
  get offers(): readonly Offer[] {
    return Array.from({ length: this.#ringing }, (_, index) => this.#offer(index));
  }

  /** Takes in the document, or a frame with it. @returns whether it is another */
  take(body: unknown): boolean {
    const incoming = docOf(body, 'incomingRequests');
    const before = JSON.stringify([this.#ringing, this.#facts]);
    this.#ringing = Number(incoming['ringingCount'] ?? 0);
    this.#link = findLink(incoming, 'acceptNextChat') ?? null;
    this.#facts = listOf(incoming['offer']).map((offer) => readOffer(offer, this.#context.now()));
    this.#handed = Math.min(this.#handed, this.#ringing);
    if (before === JSON.stringify([this.#ringing, this.#facts])) return false;
    this.#pulse.fire();
    this.#context.changed();
    return true;
  }

  /** The next offer that nobody was given yet; null when the signal is aborted first. */
  async next(signal: AbortSignal): Promise<Offer | null> {
    while (this.#ringing <= this.#handed) {
      if (signal.aborted) return null;
      await this.#pulse.next(signal);
    }
    if (signal.aborted) return null;
    const offer = this.#offer(this.#handed);
    this.#handed += 1;
    return offer;
  }

  async #look(): Promise<void> {
    try {
      this.take(await this.#context.incoming());
    } catch {
      // Whoever follows it is notified.
    }
  }

  #offer(index: number): Offer {
    const facts = this.#facts[index] ?? NOTHING_KNOWN;
    const key = newKey();
    return {
      ringing: this.#ringing,
      ...facts,
      accept: async ({ signal } = {}) => {
        const link = this.#link;
        if (link === null) return null;
        try {
          return await this.#context.accept(facts, link, key, signal);
        } catch (error) {
          if (error instanceof RefusedError && error.status === 404) return null;
          throw error;
        } finally {
          // Asked for afresh: what was heard of it may be from before.
          await this.#look();
          this.#handed = Math.max(0, this.#handed - 1);
          this.#pulse.fire();
        }
      },
    };
  }
}

/** @param now epoch ms */
function readOffer(offer: Doc, now: number): OfferFacts {
  const text = (key: string) => (offer[key] === undefined ? null : String(offer[key]));
  const seconds = (key: string) => (offer[key] === undefined ? null : Number(offer[key]) * 1_000);
  const waited = seconds('waited');
  const remaining = seconds('remaining');
  return {
    id: text('id'),
    role: (text('role') ?? 'agent') as OfferRole,
    skill: text('skillName'),
    visitorName: text('visitorName'),
    text: text('text'),
    waitingSince: waited === null ? null : now - waited,
    ringsUntil: remaining === null ? null : now + remaining,
  };
}
