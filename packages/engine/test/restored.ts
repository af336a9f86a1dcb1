/** A state as a restart finds it: written down in pieces, and read again. */
import { type AccountState, readSnapshot, SNAPSHOT_VERSION, StateFreeze } from '@parley/engine';

/** The pieces of a snapshot of the state; small ones, so that there are many. */
export function inPieces(state: AccountState): string[] {
  const freeze = new StateFreeze(state);
  const pieces = [...freeze.pieces(100)];
  freeze.end();
  return pieces;
}

/** The state that the pieces are of. */
export function fromPieces(pieces: readonly string[], seq: number): AccountState {
  const reader = readSnapshot(SNAPSHOT_VERSION);
  for (const piece of pieces) reader.add(piece);
  return reader.finish(seq);
}

export function restored(state: AccountState): AccountState {
  return fromPieces(inPieces(state), state.seq);
}
