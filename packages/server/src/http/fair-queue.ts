/**
 * Whose request is next, when more come than can be carried out at once: that of the network which
 * took the least time since it came and, within a network, of a caller who took little lately. One's
 * thousands of costly requests hold up their own. A network that comes begins where the others stand
 * (start-time fair queueing): at most one task of each that waits is before it, and before one that has
 * been here all the time.
 *
 * Whoever comes while a turn of the event loop goes on waits until its end, and again when the disk is
 * done with what they brought. So a turn is short for those who take much, whoever else is there: their
 * next requests come just as soon, and the others' sooner.
 */

/** Time that requests may take before the event loop looks for new ones, ms. */
const TURN_MS = 4;
/** What those of it may take who took much lately, ms. */
const HEAVY_TURN_MS = 0.1;
/** A caller who took more lately, ms, took much: about a fourteenth of all there is, for a second or so. */
const MUCH_MS = 100;
/** What a network or a caller took counts half after so long, ms. */
const HALF_LIFE_MS = 1_000;
/** Networks, and callers, whose time is remembered while nothing of them waits. */
const MAX_REMEMBERED = 10_000;
/** Which of them was counted last is kept so exactly, ms: to note it with each task would cost as much as some. */
const EXACTLY_MS = 50;

/**
 * The system hands new connections over one in a turn of the event loop. While they come, those who took
 * much wait for so many turns at most: who has to connect first would else wait for one of theirs each.
 */
const MAX_TURNS_LEFT_OUT = 64;

/**
 * A caller who took less lately, ms, took little: those are served as they came. So whoever names itself
 * anew with each request is no better off than one who does not.
 */
const LITTLE_MS = 20;
/** Callers of a network that are looked at for who is next: the first of those that wait. */
const MAX_LOOKED_AT = 64;
/** Of so many tasks of a network one is that which waits longest, whoever's it is: nobody waits for ever. */
const OLDEST_EVERY = 4;

interface Usage {
  /** The text that the table holds: another of the same content would live on with each move. */
  readonly key: string;
  /** Ms, as of `at`. */
  spent: number;
  at: number;
  /** When it was moved behind the others. */
  moved: number;
}

/** What each took lately. */
class Usages {
  readonly #usage = new Map<string, Usage>();

  of(key: string, now: number): number {
    const usage = this.#usage.get(key);
    return usage === undefined ? 0 : remaining(usage, now);
  }

  /** From now on it counts as if it took as much lately, ms, unless it took more. */
  raise(key: string, ms: number, now: number): void {
    const lacking = ms - this.of(key, now);
    if (lacking > 0) this.count(key, lacking, now);
  }

  /** @returns what it took lately, this included, ms */
  count(key: string, ms: number, now: number): number {
    const known = this.#usage.get(key);
    if (known !== undefined) {
      known.spent = remaining(known, now) + ms;
      known.at = now;
      if (now - known.moved >= EXACTLY_MS) {
        known.moved = now;
        this.#usage.delete(known.key);
        this.#usage.set(known.key, known);
      }
      return known.spent;
    }
    this.#usage.set(key, { key, spent: ms, at: now, moved: now });
    if (this.#usage.size > MAX_REMEMBERED) this.#forgetOldest();
    return ms;
  }

  #forgetOldest(): void {
    for (const oldest of this.#usage.keys()) {
      this.#usage.delete(oldest);
      return;
    }
  }
}

/**
 * While there is no room for large things, whoever brings one waits. How often it is looked whether there
 * is some again, ms.
 */
const LOOK_FOR_ROOM_MS = 2;

interface Task {
  readonly caller: string;
  readonly work: () => void;
  /** It brings much that is to be stored. */
  readonly isLarge: boolean;
}

/** What waits of one network, by caller; who has waited longest first. */
class Waiting {
  readonly #callers = new Map<string, Task[]>();
  #taken = 0;

  get isEmpty(): boolean {
    return this.#callers.size === 0;
  }

  add(task: Task): void {
    const own = this.#callers.get(task.caller);
    if (own === undefined) this.#callers.set(task.caller, [task]);
    else own.push(task);
  }

  /**
   * Takes the task that is next.
   * @param spentBy what a caller took lately, ms
   * @param most callers who took as much have no turn now
   * @param hasRoom whether those who bring something large have one
   * @returns null when nobody else waits
   */
  take(spentBy: (caller: string) => number, most: number, hasRoom: boolean): Task | null {
    const caller = this.#next(spentBy, most, hasRoom);
    const own = caller === undefined ? undefined : this.#callers.get(caller);
    const task = own?.shift();
    if (caller === undefined || own === undefined || task === undefined) return null;
    this.#callers.delete(caller);
    // Behind the others: each has a turn.
    if (own.length > 0) this.#callers.set(caller, own);
    return task;
  }

  #next(spentBy: (caller: string) => number, most: number, hasRoom: boolean): string | undefined {
    this.#taken += 1;
    const isOldest = this.#taken % OLDEST_EVERY === 0;
    let next: string | undefined;
    let least = most;
    let looked = 0;
    for (const [caller, [first]] of this.#callers) {
      if (!hasRoom && first?.isLarge === true) continue;
      const spent = spentBy(caller);
      if (spent < LITTLE_MS || (isOldest && spent < most)) return caller;
      if (spent < least) {
        least = spent;
        next = caller;
      }
      looked += 1;
      if (looked === MAX_LOOKED_AT) break;
    }
    return next;
  }
}

export class FairQueue {
  readonly #now: () => number;
  readonly #turnMs: number;
  readonly #hasRoom: () => boolean;
  readonly #waiting = new Map<string, Waiting>();
  readonly #networks = new Usages();
  readonly #callers = new Usages();
  /** What the network whose turn it last was had taken before, as of `at`. */
  #level = { spent: 0, at: 0 };
  /** Ms that were spent in this turn of the event loop, and those of it by callers who took much. */
  #spent = 0;
  #spentByHeavy = 0;
  /** The same of those that went on with a request at once, which is not part of the turn. */
  #spentByBegun = 0;
  #connectionCame = false;
  #turnsLeftOut = 0;
  #scheduled = false;
  #look: NodeJS.Timeout | null = null;

  /**
   * @param now ms, never running backwards
   * @param turnMs time that tasks may take before the event loop looks for other things
   * @param hasRoom whether something large may be brought now
   */
  constructor(
    now: () => number = () => performance.now(),
    turnMs = TURN_MS,
    hasRoom: () => boolean = () => true,
  ) {
    this.#now = now;
    this.#turnMs = turnMs;
    this.#hasRoom = hasRoom;
  }

  /** Whether what the caller adds now would have to wait. @param caller, isLarge, isBegun as `add` has them */
  isBusyFor(network: string, caller = '', isLarge = false, isBegun = false): boolean {
    if (isLarge && !this.#hasRoom()) return true;
    if (caller !== '' && this.#callers.of(keyOf(network, caller), this.#now()) >= MUCH_MS)
      return true;
    return isBegun
      ? this.#spentByBegun >= this.#turnMs
      : this.#waiting.size > 0 || this.#spent >= this.#turnMs;
  }

  /**
   * Carries a task out: at once, unless others wait, this turn's time is up, or the caller took much. What
   * goes on with a request that had its turn does not wait for others who are to begin: a request that is
   * made of several tasks would else wait for a round of all networks with each.
   * @param caller who it is for within the network; those without one count as one
   * @param isLarge whether it brings much that is to be stored: it waits until there is room for that
   * @param isBegun whether it goes on with a request that had a turn already
   */
  add(network: string, work: () => void, caller = '', isLarge = false, isBegun = false): void {
    const named = caller === '' ? '' : keyOf(network, caller);
    const task: Task = { caller: named, work, isLarge };
    if (!this.#waiting.has(network)) this.#join(network);
    if (!this.isBusyFor(network, caller, isLarge, isBegun)) {
      this.#run(network, task, isBegun);
      this.#schedule();
      return;
    }
    let waiting = this.#waiting.get(network);
    if (waiting === undefined) {
      waiting = new Waiting();
      this.#waiting.set(network, waiting);
    }
    waiting.add(task);
    this.#schedule();
  }

  /** A connection was taken; others may wait behind it. */
  connectionCame(): void {
    this.#connectionCame = true;
  }

  /**
   * A network that comes, or comes back, begins where those stand that are there: before it came it asked
   * for nothing, and that is no reason to serve it before who has been here all the time. Else strangers
   * from ever new networks would be first always.
   */
  #join(network: string): void {
    const now = this.#now();
    this.#networks.raise(network, remaining(this.#level, now), now);
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#scheduled = false;
    this.#spent = 0;
    this.#spentByHeavy = 0;
    this.#spentByBegun = 0;
    const now = this.#now();
    const spentBy = (caller: string) => this.#callers.of(caller, now);
    const passed = new Set<string>();
    const isLeftOut = this.#connectionCame && this.#turnsLeftOut < MAX_TURNS_LEFT_OUT;
    this.#turnsLeftOut = isLeftOut ? this.#turnsLeftOut + 1 : 0;
    this.#connectionCame = false;
    const heavyMs = isLeftOut ? 0 : HEAVY_TURN_MS;
    let hasRun = false;
    while (this.#spent < this.#turnMs) {
      const network = this.#next(passed);
      if (network === undefined) break;
      const waiting = this.#waiting.get(network);
      const most = this.#spentByHeavy < heavyMs ? Number.POSITIVE_INFINITY : MUCH_MS;
      const next = waiting?.take(spentBy, most, this.#hasRoom()) ?? null;
      if (waiting === undefined || waiting.isEmpty) this.#waiting.delete(network);
      if (next === null) passed.add(network);
      else {
        this.#run(network, next);
        hasRun = true;
      }
    }
    if (this.#waiting.size === 0) return;
    if (hasRun || this.#hasRoom()) this.#schedule();
    else this.#lookForRoom();
  }

  /** All who wait do so for room, or for one turn of those who took much. */
  #lookForRoom(): void {
    this.#look ??= setTimeout(() => {
      this.#look = null;
      this.#schedule();
    }, LOOK_FOR_ROOM_MS);
  }

  /** @param isBeside whether it is no part of the turn */
  #run(network: string, { caller, work }: Task, isBeside = false): void {
    const before = this.#now();
    work();
    const after = this.#now();
    const took = after - before;
    if (isBeside) this.#spentByBegun += took;
    else this.#spent += took;
    const level = this.#networks.count(network, took, after) - took;
    if (level > remaining(this.#level, after)) this.#level = { spent: level, at: after };
    if (caller === '') return;
    if (this.#callers.count(caller, took, after) >= MUCH_MS) this.#spentByHeavy += took;
  }

  /** Of the networks that wait, the one who took the least. @param passed those that have no turn now */
  #next(passed: ReadonlySet<string>): string | undefined {
    const now = this.#now();
    let next: string | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const network of this.#waiting.keys()) {
      if (passed.has(network)) continue;
      if (this.#waiting.size === 1) return network;
      const spent = this.#networks.of(network, now);
      if (spent >= least) continue;
      least = spent;
      next = network;
    }
    return next;
  }
}

function keyOf(network: string, caller: string): string {
  return `${network} ${caller}`;
}

/** What still counts of it. */
function remaining({ spent, at }: Pick<Usage, 'at' | 'spent'>, now: number): number {
  return spent * 2 ** ((at - now) / HALF_LIFE_MS);
}
