/** How much is measured. */

export interface Plan {
  readonly name: 'full' | 'quick' | 'smoke';
  /** Agents with a session each; every one takes any number of chats. As many as poll, so that each polls for itself. */
  readonly agents: number;
  /** Connections that poll. */
  readonly pollers: number;
  /** Numbers of chats whose visitors write as fast as they are answered. */
  readonly busyChats: readonly number[];
  /** Chats whose visitors write once per second. */
  readonly steadyChats: number;
  readonly memory: {
    /** Live chats before the first reading: what is made once is made by then. */
    readonly before: number;
    /** Live chats added between the readings. */
    readonly added: number;
  };
  readonly push: {
    /** Chats in which one party writes once per second and the other waits for it. */
    readonly chats: number;
    readonly repeated: Repeated;
    readonly warmUpSeconds: number;
    /** Requests that wait at once, for their memory. */
    readonly waiters: number;
  };
  readonly streams: {
    /** Chats in which one party writes once per second, and the other has a stream of its own. */
    readonly chats: number;
    readonly repeated: Repeated;
    /** Chats in which each line follows the one before at once. */
    readonly pairs: number;
    readonly busy: Repeated;
    readonly warmUpSeconds: number;
    /** Streams at once in which nothing happens, for their memory. */
    readonly idle: number;
  };
  readonly polls: Repeated;
  readonly lines: Repeated;
  readonly steady: Repeated;
  /** Seconds of load on each server before anything counts. */
  readonly warmUpSeconds: number;
}

/** A measurement that is made several times on every server in turn. */
export interface Repeated {
  readonly rounds: number;
  /** Of each round on each server. */
  readonly seconds: number;
}

const full: Plan = {
  name: 'full',
  agents: 32,
  pollers: 32,
  busyChats: [1, 50, 500],
  steadyChats: 1_000,
  memory: { before: 1_000, added: 5_000 },
  push: {
    chats: 1_000,
    repeated: { rounds: 2, seconds: 8 },
    warmUpSeconds: 3,
    waiters: 10_000,
  },
  streams: {
    chats: 1_000,
    repeated: { rounds: 2, seconds: 8 },
    pairs: 100,
    busy: { rounds: 3, seconds: 3 },
    warmUpSeconds: 3,
    idle: 10_000,
  },
  polls: { rounds: 5, seconds: 1.5 },
  lines: { rounds: 4, seconds: 2 },
  steady: { rounds: 2, seconds: 8 },
  warmUpSeconds: 1.5,
};

const quick: Plan = {
  ...full,
  name: 'quick',
  memory: { before: 500, added: 2_000 },
  push: { ...full.push, repeated: { rounds: 1, seconds: 3 }, waiters: 2_000 },
  streams: {
    ...full.streams,
    repeated: { rounds: 1, seconds: 3 },
    busy: { rounds: 1, seconds: 1.5 },
    warmUpSeconds: 2,
    idle: 2_000,
  },
  polls: { rounds: 3, seconds: 0.3 },
  lines: { rounds: 1, seconds: 0.6 },
  steady: { rounds: 1, seconds: 2 },
  warmUpSeconds: 0.7,
};

/** Shows that the bench works; its figures mean nothing. */
const smoke: Plan = {
  name: 'smoke',
  agents: 1,
  pollers: 4,
  busyChats: [1, 10],
  steadyChats: 20,
  memory: { before: 20, added: 50 },
  push: { chats: 20, repeated: { rounds: 1, seconds: 1 }, warmUpSeconds: 1, waiters: 300 },
  streams: {
    chats: 20,
    repeated: { rounds: 1, seconds: 1 },
    pairs: 5,
    busy: { rounds: 1, seconds: 0.2 },
    warmUpSeconds: 0,
    idle: 300,
  },
  polls: { rounds: 1, seconds: 0.15 },
  lines: { rounds: 1, seconds: 0.15 },
  steady: { rounds: 1, seconds: 1 },
  warmUpSeconds: 0.1,
};

export const plans: Readonly<Record<Plan['name'], Plan>> = { full, quick, smoke };
