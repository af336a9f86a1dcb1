/** The live chats and agents, read again as they change and every few seconds. */
import type { Administration, SupervisedChat } from '@parley/client/administration';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useDesk } from '../view/desk-context.js';
import { type BoardAgent, type Sample, waits, withSample } from './figures.js';

/** How often it is looked at while the page is seen, milliseconds. */
const EVERY_MS = 5_000;

/** After news it is looked at this much later, so that one look serves several, milliseconds. */
const SOON_MS = 400;

export interface Board {
  readonly chats: readonly SupervisedChat[];
  readonly agents: readonly BoardAgent[];
  /** Share of the chats accepted in the last half hour that were answered soon, 0 to 1; null while there are none. */
  readonly soon: number | null;
  readonly samples: readonly Sample[];
  /** Epoch ms of the last look that was answered. */
  readonly at: number;
}

/** Trends outlive a visit to another place. */
let samples: readonly Sample[] = [];

/** @returns the board, null before the first look; what went wrong with the last look; what looks again */
export function useBoard(): readonly [Board | null, unknown, () => void] {
  const desk = useDesk();
  const [board, setBoard] = useState<Board | null>(null);
  const [error, setError] = useState<unknown>(null);
  const look = useRef<() => void>(() => {});
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let asks = false;
    const later = (ms: number) => {
      clearTimeout(timer);
      if (!stop.signal.aborted) timer = setTimeout(() => void read(), ms);
    };
    const read = async () => {
      // A page that nobody sees needs no figures.
      if (document.hidden || asks) return later(EVERY_MS);
      asks = true;
      try {
        const next = await readBoard(await desk.administration(), stop.signal);
        if (stop.signal.aborted) return;
        setBoard(next);
        setError(null);
      } catch (failure) {
        if (!stop.signal.aborted) setError(failure);
      } finally {
        asks = false;
        later(EVERY_MS);
      }
    };
    look.current = () => later(0);
    const soon = () => later(SOON_MS);
    const seen = () => {
      if (!document.hidden) later(0);
    };
    const off = [
      desk.agent?.on('roster', soon),
      desk.agent?.on('chat', soon),
      desk.agent?.on('chatOver', soon),
    ];
    document.addEventListener('visibilitychange', seen);
    void read();
    return () => {
      stop.abort();
      clearTimeout(timer);
      for (const each of off) each?.();
      document.removeEventListener('visibilitychange', seen);
    };
  }, [desk]);
  return [board, error, useCallback(() => look.current(), [])];
}

async function readBoard({ supervision }: Administration, signal: AbortSignal): Promise<Board> {
  const [chats, agents, { total }] = await Promise.all([
    all(supervision.chats({ limit: 200, signal })),
    all(supervision.agents({ limit: 1_000, signal })),
    supervision.board(signal),
  ]);
  const at = Date.now();
  const waiting = chats.filter(waits).length;
  samples = withSample(samples, { at, waiting, chatting: chats.length - waiting });
  return {
    chats,
    agents: agents.map((record) => ({
      record,
      id: record.id,
      name: record.nickname || record.name,
      state: record.availability,
      reasonId: record.chatReasonId ?? null,
      since: record.since ?? at,
      chats: record.load,
      maxChats: record.maxChats,
      skills: record.skill,
    })),
    soon: total.accepted === 0 ? null : total.acceptedIn30 / total.accepted,
    samples,
    at,
  };
}

async function all<T>(pages: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const each of pages) found.push(each);
  return found;
}
