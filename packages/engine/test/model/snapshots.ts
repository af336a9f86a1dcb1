/** Snapshots of a story: each is written a piece at a time, while the story goes on. */
import { type AccountState, initialState, StateFreeze, takeSnapshot } from '@parley/engine';
import { fromPieces, inPieces } from '../restored.js';
import { requireThat } from './must.js';
import { looking } from './promises.js';

interface Writing {
  readonly freeze: StateFreeze;
  readonly pieces: Generator<string>;
  readonly written: string[];
  /** The state at its begin. */
  readonly of: string;
}

/** Everything of a state, apart from it. */
function asText(state: AccountState): string {
  return JSON.stringify(takeSnapshot(state));
}

export class Snapshots {
  #complete: readonly string[] = inPieces(initialState());
  #seq = 0;
  #writing: Writing | null = null;

  /** Journal position of the last complete one. */
  get seq(): number {
    return this.#seq;
  }

  /** The state of the last complete one. */
  read(): AccountState {
    return fromPieces(this.#complete, this.#seq);
  }

  /** Begins another one; what is being written is completed first. */
  begin(state: AccountState): void {
    this.goOn('whole');
    const freeze = new StateFreeze(state);
    this.#writing = { freeze, pieces: freeze.pieces(200), written: [], of: asText(state) };
  }

  /** Writes on; when it is complete, it is of its begin. */
  goOn(how: 'a piece' | 'whole'): void {
    const writing = this.#writing;
    if (writing === null) return;
    const { freeze, pieces, written, of } = writing;
    for (let next = pieces.next(); !next.done; next = pieces.next()) {
      written.push(next.value);
      if (how === 'a piece') return;
    }
    freeze.end();
    this.#writing = null;
    this.#complete = written;
    this.#seq = freeze.seq;
    looking('snapshots', () =>
      requireThat(asText(this.read()) === of, 'a snapshot is of the state at its begin'),
    );
  }

  /** What is not complete counts for nothing after a restart. */
  restart(): void {
    this.#writing = null;
  }

  /** As if none had ever been taken. */
  forget(): void {
    this.#complete = inPieces(initialState());
    this.#seq = 0;
  }
}
