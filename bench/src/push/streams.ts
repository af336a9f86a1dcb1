/** Streams: how soon a line reaches the other party's stream, how many do, and what an idle one costs. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../plan.js';
import type { Selection } from '../selection.js';
import {
  deliver,
  type Delivered,
  type Delivery,
  measureWaiters,
  type WaiterMemory,
} from './push.js';

/** One way of delivery, as it was measured on both servers. */
export type StreamedDelivery = Delivered & Pick<Delivery, 'chats' | 'over' | 'pace'>;

export interface StreamResults {
  readonly deliveries: readonly StreamedDelivery[];
  /** Null when it was not measured. */
  readonly memory: WaiterMemory | null;
}

/**
 * @returns null when nothing of it is wanted
 * @throws Error when an answer is not as expected, or a line is missing.
 */
export async function measureStreams(
  { agents, streams }: Plan,
  selection: Selection,
  directory: string,
  progress: (message: string) => void,
): Promise<StreamResults | null> {
  const { repeated, busy, pairs, warmUpSeconds, idle } = streams;
  mkdirSync(directory, { recursive: true });
  const deliveries = (['sse', 'websocket'] as const).flatMap((over): Delivery[] => {
    const steady = { chats: streams.chats, over, pace: 'every-second', repeated } as const;
    const often = { chats: pairs, over, pace: 'busy', repeated: busy } as const;
    return [
      ...(selection.has(`streams-${over}`) ? [{ ...steady, warmUpSeconds }] : []),
      ...(selection.has(`streams-pairs-${over}`) ? [{ ...often, warmUpSeconds }] : []),
    ];
  });
  const found = await deliver(deliveries, agents, directory, progress);
  const held = { agents, waiters: idle, begins: 'with-frame' } as const;
  const over = {
    plain: selection.has('streams-idle-plain'),
    tls: selection.has('streams-idle-tls'),
  };
  const memory = await measureWaiters(held, over, join(directory, 'idle'), progress);
  const measured = deliveries.flatMap(({ chats, over, pace }, index): StreamedDelivery[] => {
    const delivered = found[index];
    return delivered === undefined ? [] : [{ chats, over, pace, ...delivered }];
  });
  return measured.length === 0 && memory === null ? null : { deliveries: measured, memory };
}
