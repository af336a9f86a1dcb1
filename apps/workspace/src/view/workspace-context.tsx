/** How views reach the controller, its store, the clock and the tones. */
import { createContext, useContext, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Tones } from '../sound/tones.js';
import type { WorkspaceController } from '../state/controller.js';
import type { ChatEntry, Workspace } from '../state/model.js';

export interface Services {
  readonly controller: WorkspaceController;
  readonly tones: Tones;
  /** Loads the administration's texts in the language of the page. */
  readonly adminTexts: () => Promise<Readonly<Record<string, string>>>;
  /** Those of the board. */
  readonly boardTexts: () => Promise<Readonly<Record<string, string>>>;
  /** Those of the programs' page. */
  readonly programTexts: () => Promise<Readonly<Record<string, string>>>;
}

export const ServicesContext = createContext<Services | null>(null);

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === null) throw new Error('This view stands outside of the workspace.');
  return services;
}

export function useController(): WorkspaceController {
  return useServices().controller;
}

/** @param select returns the same value while nothing of it changed */
export function useWorkspace<T>(select: (state: Workspace) => T): T {
  return useStore(useController().store, select);
}

export function useChat(id: string): ChatEntry | undefined {
  return useWorkspace((state) => state.chats[id]);
}

/** The time, epoch ms, again every second while the view is there. */
export function useNow(everyMs = 1_000): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** A time that runs: `4:05`, `1:02:03`. */
export function clockTime(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes}:${two(seconds % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** What a request brings, as a value. */
export type Loaded<T> =
  | { readonly status: 'loading' }
  | { readonly status: 'error'; readonly error: unknown }
  | { readonly status: 'ready'; readonly value: T };

/** Loads when the view comes, and again when `load` changes or `retry` is called. */
export function useLoaded<T>(
  load: (signal: AbortSignal) => Promise<T>,
): readonly [Loaded<T>, () => void] {
  const [loaded, setLoaded] = useState<Loaded<T>>({ status: 'loading' });
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try loads again
  useEffect(() => {
    const stop = new AbortController();
    setLoaded((before) => (before.status === 'error' ? { status: 'loading' } : before));
    load(stop.signal).then(
      (value) => {
        if (!stop.signal.aborted) setLoaded({ status: 'ready', value });
      },
      (error: unknown) => {
        if (!stop.signal.aborted) setLoaded({ status: 'error', error });
      },
    );
    return () => stop.abort();
  }, [load, tries]);
  return [loaded, () => setTries((count) => count + 1)];
}
