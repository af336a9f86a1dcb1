/** Writes a history down while it happens. */
import { appendFileSync, writeFileSync } from 'node:fs';
import type { Answer, Ask, Fault, Header, History, Line, OperationName } from './format.js';

/** What a client knows of a call in the end. */
export type Outcome<N extends OperationName> =
  | { readonly ok: Answer<N> }
  /** 4xx: nothing changed. */
  | { readonly refused: number }
  /** No answer, or 5xx: it may have been done. */
  | { readonly unknown: number };

/** Lines that are written to the file at once. */
const BATCH = 200;

type Unstamped<L> = L extends unknown ? Omit<L, 'ms'> : never;

export class Recorder {
  readonly #header: Header;
  readonly #lines: Line[] = [];
  readonly #start = performance.now();
  readonly #file: string | null;
  #written = 0;
  #calls = 0;
  /** Called before a call is made, and after it was answered. */
  onCall: (ask: Ask) => void = () => {};
  onOutcome: (ask: Ask, outcome: 'ok' | 'refused' | 'unknown') => void = () => {};

  /** @param file where to keep it; nowhere when null */
  constructor(header: Header, file: string | null) {
    this.#header = header;
    this.#file = file;
    if (file !== null) writeFileSync(file, `${JSON.stringify(header)}\n`);
  }

  /** Everything so far. */
  get history(): History {
    return { header: this.#header, lines: this.#lines };
  }

  /** Makes a call and writes down both ends of it. */
  async call<N extends OperationName>(
    by: string,
    asked: Ask<N>,
    make: () => Promise<Outcome<N>>,
  ): Promise<Outcome<N>> {
    const ask = asked as Ask;
    this.#calls += 1;
    const call = this.#calls;
    this.#add({ call, by, ask });
    this.onCall(ask);
    const outcome = await make();
    if ('ok' in outcome) this.#add({ ok: call, answer: outcome.ok });
    else if ('refused' in outcome) this.#add({ refused: call, status: outcome.refused });
    else this.#add({ unknown: call, status: outcome.unknown });
    this.onOutcome(ask, 'ok' in outcome ? 'ok' : 'refused' in outcome ? 'refused' : 'unknown');
    return outcome;
  }

  fault(fault: Fault): void {
    this.#add(fault);
  }

  /** While `read` runs nobody writes. */
  async quiet<T>(read: () => Promise<T>): Promise<T> {
    this.#add({ quiet: 'begin' });
    const result = await read();
    this.#add({ quiet: 'end' });
    return result;
  }

  finished(): void {
    this.#add({ finished: true });
  }

  complain(complaint: string): void {
    this.#add({ complaint });
  }

  /** Writes what is not in the file yet. */
  flush(): void {
    if (this.#file === null || this.#written === this.#lines.length) return;
    const text = this.#lines.slice(this.#written).map((line) => `${JSON.stringify(line)}\n`);
    appendFileSync(this.#file, text.join(''));
    this.#written = this.#lines.length;
  }

  #add(line: Unstamped<Line>): void {
    this.#lines.push({ ...line, ms: Math.round(performance.now() - this.#start) } as Line);
    if (this.#lines.length - this.#written >= BATCH) this.flush();
  }
}
