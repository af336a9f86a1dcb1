/** How frames get to a reader: as server-sent events, or over a WebSocket. */
import type { Bye, FrameType } from '@parley/protocol';

export interface Transport {
  /** Bytes that were sent and that the connection has not taken yet. */
  readonly buffered: number;
  /**
   * @param data JSON
   * @param position null where it brings the reader nowhere new
   */
  send(type: FrameType, data: string, position: string | null): void;
  /** Shows that the connection lives. @returns false when the reader is found to be gone */
  beat(): boolean;
  /** Sends the last frame and closes, as soon as what was sent is taken. */
  end(why: Bye): void;
  /** Cuts the connection. */
  cut(): void;
}
