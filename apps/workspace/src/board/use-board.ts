/** The live chats and agents, read again whenever the session's stream says that they changed. */
import type { Administration, SupervisedChat } from '@parley/client/administration';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useController } from '../view/workspace-context.js';
import { type BoardAgent, type Sample, waits, withoutOld, withSample } from './figures.js';

/** How often it is looked at all the same, for what time alone changes, milliseconds. */
const EVERY_MS = 60_000;
/** And while no stream says what changes. */
const WITHOUT_STREAM_MS = 5_000;

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

/** Trends outlive a visit to another place, and a reload. */
const KEPT = 'parley:trend';
let samples: readonly Sample[] = keptSamples();

/** The server keeps no figures of what was: the trend has what this tab saw. */
function keptSamples(): readonly Sample[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEPT) ?? '[]');
    return Array.isArray(kept) ? withoutOld(kept as Sample[], Date.now()) : [];
  } catch {
    return [];
  }
}

function keep(all: readonly Sample[]): void {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(all));
  } catch {
    // A storage that is full or closed: the trend lasts as long as the page.
  }
}

/** @returns the board, null before the first look; what went wrong with the last look; what looks again */
export function useBoard(): readonly [Board | null, unknown, () => void] {
  const controller = useController();
  const [board, setBoard] = useState<Board | null>(null);
  const [error, setError] = useState<unknown>(null);
  const look = useRef<() => void>(() => {});
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let asks = false;
    /** Something changed while it was asked. */
    let isOld = false;
    const every = () =>
      controller.store.getState().connection.state === 'live' ? EVERY_MS : WITHOUT_STREAM_MS;
    const later = (ms: number) => {
      clearTimeout(timer);
      if (!stop.signal.aborted) timer = setTimeout(() => void read(), ms);
    };
    const read = async () => {
      // A page that nobody sees needs no figures.
      if (document.hidden) return;
      if (asks) {
        isOld = true;
        return;
      }
      asks = true;
      isOld = false;
      try {
        const next = await readBoard(await controller.administration(), stop.signal);
        if (stop.signal.aborted) return;
        setBoard(next);
        setError(null);
      } catch (failure) {
        if (!stop.signal.aborted) setError(failure);
      } finally {
        asks = false;
        later(isOld ? SOON_MS : every());
      }
    };
    look.current = () => later(0);
    const soon = () => later(SOON_MS);
    const seen = () => {
      if (!document.hidden) later(0);
    };
    const off = [
      controller.agent?.on('supervision', soon),
      // What changed while there was no stream is not sent again.
      controller.agent?.on('connection', soon),
    ];
    document.addEventListener('visibilitychange', seen);
    void read();
    return () => {
      stop.abort();
      clearTimeout(timer);
      for (const each of off) each?.();
      document.removeEventListener('visibilitychange', seen);
    };
  }, [controller]);
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
  keep(samples);
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
