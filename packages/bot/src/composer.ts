/** Middleware: functions around each other, each of which decides whether the next one runs. */
import { type EventName, OFFER_NAMES, type OfferName, requireEventName } from './event-names.js';
import type { ContextOf } from './events.js';
import type { OfferContext } from './offers.js';

/** Runs whatever comes after, and settles when that is done. */
export type Next = () => Promise<void>;

/**
 * Handles a context. What does not call `next` is the last to see it; what it returns is awaited.
 */
export type Middleware<C> = (ctx: C, next: Next) => unknown;

const pass = <C>(_ctx: C, next: Next) => next();

/** Runs `first`, and `second` where `first` says so. */
function chain<C>(first: Middleware<C>, second: Middleware<C>): Middleware<C> {
  return async (ctx, next) => {
    let called = false;
    await first(ctx, async () => {
      if (called) {
        throw new Error('A handler called next() twice. Call it once, and await what it returns.');
      }
      called = true;
      await second(ctx, next);
    });
  };
}

/** A chain of middleware for contexts of one kind. */
export class Composer<C> {
  #chain: Middleware<C>;

  constructor(...middleware: readonly Middleware<C>[]) {
    this.#chain = middleware.reduce<Middleware<C>>(chain, pass);
  }

  /** The whole chain as one. What is added later is part of it. */
  get middleware(): Middleware<C> {
    return (ctx, next) => this.#chain(ctx, next);
  }

  /** Adds middleware at the end. @returns what was added, to add more behind it */
  use(...middleware: readonly Middleware<C>[]): Composer<C> {
    const added = new Composer(...middleware);
    this.#chain = chain(this.#chain, added.middleware);
    return added;
  }

  /**
   * Adds middleware for the contexts that the predicate lets through; others pass it by.
   * @returns what was added, to add more behind it
   */
  filter<D extends C>(
    predicate: (ctx: C) => ctx is D,
    ...middleware: readonly Middleware<D>[]
  ): Composer<D>;
  filter(
    predicate: (ctx: C) => boolean | Promise<boolean>,
    ...middleware: readonly Middleware<C>[]
  ): Composer<C>;
  filter<D extends C>(
    predicate: (ctx: C) => boolean | Promise<boolean>,
    ...middleware: readonly Middleware<D>[]
  ): Composer<D> {
    const added = new Composer<D>(...middleware);
    this.use(async (ctx, next) =>
      (await predicate(ctx)) ? added.middleware(ctx as D, next) : next(),
    );
    return added;
  }
}

/** A chain for everything that a bot hears in its chats, and one for what it is asked before. */
export class EventComposer<S> extends Composer<ContextOf<S, EventName>> {
  #offers: Composer<OfferContext> | null = null;

  /** Handlers of offers; null while there are none. */
  get offers(): Composer<OfferContext> | null {
    return this.#offers;
  }

  /**
   * Adds middleware for events of that name, or of one of those names.
   * @throws TypeError for a name that is none, with the names there are.
   */
  on<K extends OfferName>(
    names: K | readonly K[],
    ...middleware: readonly Middleware<OfferContext<K>>[]
  ): Composer<OfferContext<K>>;
  on<K extends EventName>(
    names: K | readonly K[],
    ...middleware: readonly Middleware<ContextOf<S, K>>[]
  ): Composer<ContextOf<S, K>>;
  on(
    names: EventName | OfferName | readonly (EventName | OfferName)[],
    ...middleware: readonly Middleware<never>[]
  ): unknown {
    const wanted = new Set<string>([names].flat().map(requireEventName));
    const handlers = middleware as readonly Middleware<unknown>[];
    const ofOffers = OFFER_NAMES.filter((name) => wanted.has(name)).length;
    if (ofOffers === 0) return this.filter((ctx) => wanted.has(ctx.type), ...handlers);
    if (ofOffers < wanted.size) {
      throw new TypeError('An offer and what is heard in a chat have no context in common.');
    }
    this.#offers ??= new Composer<OfferContext>();
    return this.#offers.filter((ctx) => wanted.has(ctx.type), ...handlers);
  }
}
