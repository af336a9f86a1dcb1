/** The calls of a history with their answers, and what can be said of when they took effect. */
import type { Answer, Ask, History, Line, OperationName } from '../history/format.js';

interface Timing {
  /** Number in the history. */
  readonly number: number;
  /** Who called, for people. */
  readonly by: string;
  /** When it was made, and when the answer came (infinite when none did): lines of the history. */
  readonly start: number;
  readonly end: number;
  /** When it must have taken effect, if it ever did: a server that was killed does nothing more. */
  readonly until: number;
}

/** A call of one kind. */
export type Call<N extends OperationName = OperationName> = {
  [K in N]: Timing & { readonly ask: Ask<K> } & (
      | { readonly outcome: 'ok'; readonly answer: Answer<K> }
      | { readonly outcome: 'refused' | 'unknown'; readonly status: number }
    );
}[N];

export type OkCall<N extends OperationName> = Extract<Call<N>, { outcome: 'ok' }>;

/** A stretch of a history in which nobody wrote. */
export interface Quiet {
  readonly begin: number;
  readonly end: number;
}

export class Calls {
  readonly all: readonly Call[];
  readonly quiet: readonly Quiet[];
  /** When everything was to be over; infinite when it never was. */
  readonly finished: number;
  readonly complaints: readonly string[];
  /** The number of the last line. */
  readonly last: number;
  readonly #remembered = new Map<string, readonly Call[]>();

  constructor({ lines }: History) {
    this.last = lines.length;
    this.all = pair(lines);
    this.quiet = quietOf(lines);
    const finished = lines.findIndex((line) => 'finished' in line);
    this.finished = finished < 0 ? Number.POSITIVE_INFINITY : finished;
    this.complaints = lines.flatMap((line) => ('complaint' in line ? [line.complaint] : []));
  }

  /** The calls of some kinds, in the order in which they were made. */
  of<N extends OperationName>(...names: readonly N[]): readonly Call<N>[] {
    return this.#chosen('all', names, () => true);
  }

  /** Those of them that were done. */
  done<N extends OperationName>(...names: readonly N[]): readonly OkCall<N>[] {
    return this.#chosen('done', names, ({ outcome }) => outcome === 'ok');
  }

  /** Those of them that may have been done. */
  perhaps<N extends OperationName>(...names: readonly N[]): readonly Call<N>[] {
    return this.#chosen('perhaps', names, ({ outcome }) => outcome !== 'refused');
  }

  /** Chooses once and remembers: the same is asked for about each chat and each user. */
  #chosen<C>(
    which: string,
    names: readonly OperationName[],
    isChosen: (call: Call) => boolean,
  ): readonly C[] {
    const key = [which, ...names].join(' ');
    let chosen = this.#remembered.get(key);
    if (chosen === undefined) {
      chosen = this.all.filter((call) => names.includes(call.ask.do) && isChosen(call));
      this.#remembered.set(key, chosen);
    }
    // The compiler cannot follow a choice by name through a type of its own.
    return chosen as unknown as readonly C[];
  }
}

/** @throws Error when the lines do not fit together: then it is no history. */
function pair(lines: readonly Line[]): Call[] {
  const kills = lines.flatMap((line, at) =>
    'fault' in line && (line.fault === 'kill' || line.fault === 'stop') ? [at] : [],
  );
  const ends = new Map<number, { readonly at: number; readonly line: Line }>();
  const answerTo = (number: number, at: number, line: Line) => {
    if (ends.has(number)) throw new Error(`call ${number} is answered twice`);
    ends.set(number, { at, line });
  };
  for (const [at, line] of lines.entries()) {
    if ('ok' in line) answerTo(line.ok, at, line);
    else if ('refused' in line) answerTo(line.refused, at, line);
    else if ('unknown' in line) answerTo(line.unknown, at, line);
  }
  return lines.flatMap((line, start): Call[] => {
    if (!('call' in line)) return [];
    const end = ends.get(line.call);
    const timing = { number: line.call, by: line.by, start, end: end?.at ?? Infinity };
    const killed = kills.find((at) => at > start) ?? Infinity;
    const { ask } = line;
    if (end !== undefined && end.at < start) throw new Error(`call ${line.call} is answered early`);
    if (end !== undefined && 'ok' in end.line) {
      const { answer } = end.line;
      return [{ ...timing, until: end.at, ask, outcome: 'ok', answer } as Call];
    }
    const status = end !== undefined && 'status' in end.line ? end.line.status : 0;
    const outcome = end !== undefined && 'refused' in end.line ? 'refused' : 'unknown';
    return [{ ...timing, until: killed, ask, outcome, status } as Call];
  });
}

function quietOf(lines: readonly Line[]): Quiet[] {
  const found: Quiet[] = [];
  let begin: number | null = null;
  for (const [at, line] of lines.entries()) {
    if ('fault' in line && line.fault === 'kill') begin = null;
    if (!('quiet' in line)) continue;
    if (line.quiet === 'end' && begin !== null) found.push({ begin, end: at });
    begin = line.quiet === 'begin' ? at : null;
  }
  return found;
}

/** Whether one was over before the other was begun. */
export function isBefore(a: { readonly end: number }, b: { readonly start: number }): boolean {
  return a.end < b.start;
}

/** Groups by a key, in the order of first sight. */
export function groupBy<K, T>(list: readonly T[], keyOf: (each: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const each of list) {
    const key = keyOf(each);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  return groups;
}
