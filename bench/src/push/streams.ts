/** Streams: how soon a line reaches the other party's stream, how many do, and what an idle one costs. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../plan.js';
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
  readonly memory: WaiterMemory;
}

/** @throws Error when an answer is not as expected, or a line is missing. */
export async function measureStreams(
  { agents, streams }: Plan,
  directory: string,
  progress: (message: string) => void,
): Promise<StreamResults> {
  const { repeated, busy, pairs, warmUpSeconds, idle } = streams;
  mkdirSync(directory, { recursive: true });
  const deliveries = (['sse', 'websocket'] as const).flatMap((over): Delivery[] => [
    { chats: streams.chats, over, pace: 'every-second', repeated, warmUpSeconds },
    { chats: pairs, over, pace: 'busy', repeated: busy, warmUpSeconds },
  ]);
  const found = await deliver(deliveries, agents, directory, progress);
  progress(`streams: ${idle} in which nothing happens`);
  const held = { agents, waiters: idle, begins: 'with-frame' } as const;
  return {
    deliveries: deliveries.flatMap(({ chats, over, pace }, index) => {
      const delivered = found[index];
      return delivered === undefined ? [] : [{ chats, over, pace, ...delivered }];
    }),
    memory: await measureWaiters(held, join(directory, 'idle')),
  };
}
