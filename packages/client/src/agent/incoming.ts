/** Chats that ring for the agent. */
import { type Doc, docOf, findLink, listOf } from '../core/document.js';
import { RefusedError } from '../core/errors.js';
import { newKey } from '../core/keys.js';
import { Pulse } from '../core/pulse.js';
import type { AgentChat } from './chat.js';

/** The role for which an offer asks. */
export type OfferRole = 'agent' | 'assistant' | 'listener' | 'supervisor';

/** A ringing chat, and who it is from. Values that only some servers send are null elsewhere. */
export interface Offer {
  /** How many chats ring, including this one. */
  readonly ringing: number;
  /** The id of this offer: `agent.accept(id)` accepts it. */
  readonly id: string | null;
  /** The role that is offered: the chat's agent, or a role beside that agent. */
  readonly role: OfferRole;
  readonly skillId: number | null;
  readonly skill: string | null;
  readonly visitorName: string | null;
  /** The note of the person who transfers or invites. */
  readonly text: string | null;
  /** The id of the inviting agent; null for a chat that rings without an invitation. */
  readonly invitedBy: number | null;
  /** When the visitor began to wait, epoch milliseconds. */
  readonly waitingSince: number | null;
  /** When the offer stops ringing here, epoch milliseconds. */
  readonly ringsUntil: number | null;
  /** How long the offer still rings here, in milliseconds at the time of reading; 0 when it no longer rings. */
  readonly remaining: number | null;
  /** Accepts the chat; null when it went to somebody else meanwhile. */
  accept(options?: { readonly signal?: AbortSignal }): Promise<AgentChat | null>;
  /**
   * Passes the offer on to the next agent at once. An agent who declines to be a chat's agent turns Away, as
   * after a missed ring; declining an invitation does not change the availability.
   * @returns false when the offer no longer rang, or the server has no ids of offers: there it rings to its end
   */
  decline(options?: { readonly signal?: AbortSignal }): Promise<boolean>;
}

/** What an offer is, without what can be done with it. */
export type OfferFacts = Omit<Offer, 'accept' | 'decline' | 'ringing' | 'remaining'>;

const NOTHING_KNOWN: OfferFacts = {
  id: null,
  role: 'agent',
  skillId: null,
  skill: null,
  visitorName: null,
  text: null,
  invitedBy: null,
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
  decline(id: string, link: string, signal?: AbortSignal): Promise<void>;
  /** Asks for what rings now. */
  incoming(): Promise<unknown>;
  /** Epoch ms. */
  now(): number;
  changed(): void;
}

export class Incoming {
  readonly #context: IncomingContext;
  readonly #pulse = new Pulse();
  /** Given out, and neither accepted nor lost: by their ids. */
  #handed = new Set<string>();
  /** The same, where offers have no ids. */
  #handedCount = 0;
  #ringing = 0;
  #link: string | null = null;
  #facts: readonly OfferFacts[] = [];

  constructor(context: IncomingContext) {
    this.#context = context;
  }

  /** All that ring now, the longest-ringing first. */
  get offers(): readonly Offer[] {
    return Array.from({ length: this.#ringing }, (_, index) =>
      this.#offer(this.#facts[index] ?? NOTHING_KNOWN),
    );
  }

  /** Takes in the document, or a frame with it. @returns whether it is another */
  take(body: unknown): boolean {
    const incoming = docOf(body, 'incomingRequests');
    const before = JSON.stringify([this.#ringing, this.#facts]);
    this.#ringing = Number(incoming['ringingCount'] ?? 0);
    this.#link = findLink(incoming, 'acceptNextChat') ?? null;
    this.#facts = listOf(incoming['offer']).map((offer) => readOffer(offer, this.#context.now()));
    const ids = this.#facts.flatMap(({ id }) => id ?? []);
    this.#handed = new Set(ids.filter((id) => this.#handed.has(id)));
    this.#handedCount = Math.min(this.#handedCount, this.#ringing);
    if (before === JSON.stringify([this.#ringing, this.#facts])) return false;
    this.#pulse.fire();
    this.#context.changed();
    return true;
  }

  /** The next offer for one of the roles that nobody was given yet; null when the signal is aborted first. */
  async next(signal: AbortSignal, roles: readonly OfferRole[]): Promise<Offer | null> {
    for (;;) {
      if (signal.aborted) return null;
      const facts = this.#unhanded(roles);
      if (facts !== undefined) {
        if (facts.id === null) this.#handedCount += 1;
        else this.#handed.add(facts.id);
        return this.#offer(facts);
      }
      await this.#pulse.next(signal);
    }
  }

  /** The offer with that id; null when it rings no more. */
  async find(id: string): Promise<Offer | null> {
    const find = () => this.#facts.find((each) => each.id === id);
    if (find() === undefined) await this.#look();
    const facts = find();
    return facts === undefined ? null : this.#offer(facts);
  }

  #unhanded(roles: readonly OfferRole[]): OfferFacts | undefined {
    if (this.#facts.length > 0) {
      return this.#facts.find(
        ({ id, role }) => roles.includes(role) && !this.#handed.has(id ?? ''),
      );
    }
    const some = this.#ringing > this.#handedCount && roles.includes('agent');
    return some ? NOTHING_KNOWN : undefined;
  }

  async #look(): Promise<void> {
    try {
      this.take(await this.#context.incoming());
    } catch {
      // Whoever follows it is notified.
    }
  }

  #offer(facts: OfferFacts): Offer {
    const key = newKey();
    const { ringsUntil } = facts;
    const now = () => this.#context.now();
    /** null where it rings no more. */
    const act = async <T>(does: (link: string) => Promise<T>): Promise<T | null> => {
      const link = this.#link;
      if (link === null) return null;
      try {
        return await does(link);
      } catch (error) {
        if (error instanceof RefusedError && error.status === 404) return null;
        throw error;
      } finally {
        // Asked for afresh: what was heard of it may be from before.
        await this.#look();
        if (facts.id === null) this.#handedCount = Math.max(0, this.#handedCount - 1);
        else this.#handed.delete(facts.id);
        this.#pulse.fire();
      }
    };
    return {
      ringing: this.#ringing,
      ...facts,
      get remaining() {
        return ringsUntil === null ? null : Math.max(0, ringsUntil - now());
      },
      accept: ({ signal } = {}) => act((link) => this.#context.accept(facts, link, key, signal)),
      decline: async ({ signal } = {}) => {
        const { id } = facts;
        if (id === null) return false;
        const declined = await act(async (link) => {
          await this.#context.decline(id, link, signal);
          return true;
        });
        return declined ?? false;
      },
    };
  }
}

/** @param now epoch ms */
function readOffer(offer: Doc, now: number): OfferFacts {
  const text = (key: string) => (offer[key] === undefined ? null : String(offer[key]));
  const number = (key: string) => (offer[key] === undefined ? null : Number(offer[key]));
  const waited = number('waited');
  const remaining = number('remaining');
  return {
    id: text('id'),
    role: (text('role') ?? 'agent') as OfferRole,
    skillId: number('skillId'),
    skill: text('skillName'),
    visitorName: text('visitorName'),
    text: text('text'),
    invitedBy: number('invitedBy'),
    waitingSince: waited === null ? null : now - waited * 1_000,
    ringsUntil: remaining === null ? null : now + remaining * 1_000,
  };
}
