/**
 * A history: every call that clients made, every answer they had, and what was done to the server
 * meanwhile, in the order in which it was seen by the one process that recorded it. It is kept as a
 * file of one JSON document per line (`*.ndjson`) and can be checked again:
 *
 *     node scripts/check-history.mjs <file>
 *
 * The first line is the header. Lines are numbered from there on; that number is the time of a line:
 * a call that was answered in line 7 happened before one that was made in line 9.
 *
 * Secrets are not in it: a login is called by a name that the recorder gave it.
 */

/** What the checker must know beforehand. */
export interface Header {
  readonly history: 1;
  /** How it came to be, for people. */
  readonly about: string;
  /** Agents by login name. */
  readonly agents: Readonly<Record<string, AgentFacts>>;
}

export interface AgentFacts {
  /** How `chatting` lines name the agent. */
  readonly nickname: string;
  readonly maxChats: number;
}

/** An event of a chat's feed, as it was shown. The disk does not show everything. */
export interface ShownEvent {
  readonly id: number;
  readonly type: 'state' | 'line';
  /** The state, or the text of the line. */
  readonly text: string;
  /** Whether only agents may see it. */
  readonly hidden?: boolean;
  readonly source?: string;
  readonly by?: string;
  readonly time?: string;
  /** The number of a system line. */
  readonly system?: number;
}

/**
 * Who asks about a chat: its visitor, an agent by the address of their session, or the test itself
 * from the disk, which hides nothing.
 */
export type Asker = 'visitor' | 'disk' | `/${string}`;

/** Fields of a record that the checker looks at. `stamp` is written once and identifies the write. */
export interface RecordValue {
  readonly stamp: string;
  /** Of users. */
  readonly enabled?: boolean;
}

export type RecordKind = 'users' | 'skills' | 'agentGroups';

/** What can be asked, and what is answered when it is done. */
export interface Operations {
  /** A visitor asks for a chat. */
  request: {
    ask: { readonly name: string; readonly hidden: readonly string[]; readonly skill?: string };
    answer: { readonly chat: string };
  };
  say: {
    ask: {
      readonly chat: string;
      readonly by: Asker;
      readonly text: string;
      readonly hidden: boolean;
    };
    answer: { readonly event: number };
  };
  /** Ends a chat. */
  end: {
    ask: { readonly chat: string; readonly by: Asker };
    answer: { readonly event: number };
  };
  /** Reads the events of a chat from an id on. */
  read: {
    ask: { readonly chat: string; readonly by: Asker; readonly from: number };
    answer: { readonly events: readonly ShownEvent[]; readonly next: number };
  };
  /** The state of a chat as an agent has it. */
  info: {
    ask: { readonly chat: string; readonly by: Asker };
    answer: { readonly state: string; readonly name: string };
  };
  transfer: {
    ask: {
      readonly chat: string;
      readonly by: Asker;
      readonly to: { readonly skill: number } | { readonly agent: string };
      /** Hidden from the visitor. */
      readonly text: string;
    };
    answer: Nothing;
  };
  /** Accepts the chat that rings longest. */
  accept: { ask: { readonly session: string }; answer: { readonly chat: string } };
  ringing: { ask: { readonly session: string }; answer: { readonly count: number } };
  availability: { ask: { readonly session: string }; answer: { readonly is: string } };
  become: { ask: { readonly session: string; readonly what: string }; answer: Nothing };
  /** The agents who are there, as one session sees them. */
  staff: {
    ask: { readonly session: string };
    answer: { readonly online: readonly string[] };
  };
  /** Opens an agent session; a live one of the same user is taken over. */
  open: { ask: { readonly login: string }; answer: { readonly session: string } };
  close: { ask: { readonly session: string }; answer: Nothing };
  /** The chats that came along from the session that was taken over. */
  brought: {
    ask: { readonly session: string };
    answer: { readonly chats: readonly string[] };
  };
  login: { ask: { readonly user: string }; answer: { readonly login: string } };
  logout: { ask: { readonly login: string }; answer: Nothing };
  refresh: { ask: { readonly login: string }; answer: Nothing };
  /** Anything that only a live login may do. */
  use: { ask: { readonly login: string }; answer: Nothing };
  /** Makes a record (`record` null), changes it, or deletes it (`value` null). */
  write: {
    ask: {
      readonly kind: RecordKind;
      readonly record: number | null;
      readonly value: RecordValue | null;
      /** Users: the login name; a change of `enabled` ends logins. */
      readonly user?: string;
      /** Done only if the collection is at this revision. */
      readonly ifRevision?: number;
    };
    answer: { readonly record: number; readonly revision: number };
  };
  /** Gives a user a password anew, the same as before: every login of theirs ends. */
  reset: { ask: { readonly user: string }; answer: Nothing };
  /** Reads a collection: the stamps of its records, and its revision. */
  list: {
    ask: { readonly kind: RecordKind };
    answer: { readonly revision: number; readonly stamps: Readonly<Record<number, string>> };
  };
}

type Nothing = Readonly<Record<never, never>>;

export type OperationName = keyof Operations;
export type Ask<N extends OperationName = OperationName> = {
  [K in N]: { readonly do: K } & Operations[K]['ask'];
}[N];
export type Answer<N extends OperationName> = Operations[N]['answer'];

/** What was done to the server. */
export type Fault =
  | { readonly fault: 'ready'; readonly after: string }
  | { readonly fault: 'kill' | 'stop'; readonly when: string }
  /** What the process that has just ended wrote to its error log, the last of it. */
  | { readonly fault: 'log'; readonly text: string }
  /** What of each file was lost by a power cut. */
  | { readonly fault: 'power cut'; readonly lost: Readonly<Record<string, string | number>> }
  /** The process was stopped for so long, or its clocks say so, ms. */
  | { readonly fault: 'standstill'; readonly forMs: number }
  /** The clock was set forward (or back), ms. */
  | { readonly fault: 'clock'; readonly by: number }
  /** Of a million operations of the disk, how many fail. */
  | {
      readonly fault: 'weather';
      readonly writes: number;
      readonly syncs: number;
      readonly openings: number;
      readonly reads: number;
    };

export type Line =
  /** Somebody asks something: `call` is a number of its own. */
  | { readonly call: number; readonly by: string; readonly ask: Ask; readonly ms: number }
  /** It was done. */
  | { readonly ok: number; readonly answer: unknown; readonly ms: number }
  /** It was refused, and nothing changed. */
  | { readonly refused: number; readonly status: number; readonly ms: number }
  /** Nobody knows what became of it. A call without an answer at the end is the same. */
  | { readonly unknown: number; readonly status: number; readonly ms: number }
  /** From `begin` to `end` nobody writes, and nothing that was begun before is under way. */
  | { readonly quiet: 'begin' | 'end'; readonly ms: number }
  /** Everybody tried to bring every chat to its end; none may be left. */
  | { readonly finished: true; readonly ms: number }
  /** Something else than the order of things was wrong, in words. */
  | { readonly complaint: string; readonly ms: number }
  | (Fault & { readonly ms: number });

export interface History {
  readonly header: Header;
  readonly lines: readonly Line[];
}

/** @throws Error naming the line that is not one of a history. */
export function parseHistory(text: string): History {
  const [first = '', ...rest] = text.split('\n');
  const header = parseLine<Header>(first, 1);
  if (header.history !== 1) throw new Error('Line 1 is not the header of a history of version 1.');
  const lines = rest.flatMap((line, index) =>
    line === '' ? [] : [parseLine<Line>(line, index + 2)],
  );
  return { header, lines };
}

function parseLine<T>(line: string, number: number): T {
  try {
    return JSON.parse(line) as T;
  } catch {
    throw new Error(`Line ${number} of the history is not JSON: ${line.slice(0, 80)}`);
  }
}
