/** What an engine is to the group commit: whoever holds the data, and does one batch at a time. */
import type { Batch, EngineReport } from './messages.js';

export interface Engine {
  /**
   * Does a batch: its writes in one transaction, then its reads. Reports `committed` or `failed` where
   * there are writes, then `answered` where there are reads. The next batch comes after that.
   * @throws when the batch cannot be handed over at all; then it did not happen
   */
  send(batch: Batch): void;
  /** Reports at once what it has done meanwhile and the event loop has not got to yet, if anything. */
  look(): void;
  /** There is nothing to do now: it need not keep the process running. */
  rest(): void;
  /** Releases everything; resolves when that is done. There is nothing to do any more. */
  close(): Promise<void>;
}

/** Who hears what an engine reports. */
export interface EngineListener {
  report(report: EngineReport): void;
  /** It has stopped by itself, and does nothing more. */
  ended(cause: unknown): void;
}
