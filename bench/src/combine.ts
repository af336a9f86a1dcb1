/** Puts runs of single measurements together into one report. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Delivered, PushResults, WaiterMemory } from './push/push.js';
import type { StreamResults } from './push/streams.js';
import type { Results } from './results.js';
import { judge, judgePush, judgeStreams } from './targets.js';

/**
 * Reads the results of runs.
 * @param folders what each run was given with `--out`
 * @throws Error when there is none, or one has no results
 */
export function readResults(folders: readonly string[]): Results[] {
  if (folders.length === 0) throw new Error('Name the folders of the runs to put together.');
  return folders.map((folder): Results => {
    const path = join(folder, 'latest.json');
    try {
      return JSON.parse(readFileSync(path, 'utf8'));
    } catch (cause) {
      throw new Error(`${path} holds no results of a run`, { cause });
    }
  });
}

/** One result of several runs; of what two of them measured, the first one counts. */
export function combine(runs: readonly Results[]): Results {
  const [first] = runs;
  if (first === undefined) throw new Error('There are no runs to put together.');
  const scenarios = firstOfEach(
    runs.flatMap((run) => run.scenarios),
    ({ id }) => id,
  );
  const memory = firstOf(runs.map((run) => run.memory));
  const push = combinePush(runs.map((run) => run.push).filter(isThere));
  const streams = combineStreams(runs.map((run) => run.streams).filter(isThere));
  return {
    ...first,
    scenarios,
    memory,
    push,
    streams,
    targets: [...judge(scenarios, memory), ...judgePush(push), ...judgeStreams(streams)],
    seconds: runs.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

function combinePush(parts: readonly PushResults[]): PushResults | null {
  const [first] = parts;
  if (first === undefined) return null;
  const delivered: Delivered | null = firstOf(parts.map((part) => part.delivered));
  return { chats: first.chats, delivered, memory: combineMemory(parts) };
}

function combineStreams(parts: readonly StreamResults[]): StreamResults | null {
  if (parts.length === 0) return null;
  const deliveries = firstOfEach(
    parts.flatMap((part) => part.deliveries),
    ({ over, pace }) => `${over} ${pace}`,
  );
  return { deliveries, memory: combineMemory(parts) };
}

function combineMemory(
  parts: readonly { readonly memory: WaiterMemory | null }[],
): WaiterMemory | null {
  const measured = parts.map(({ memory }) => memory).filter(isThere);
  const [first] = measured;
  if (first === undefined) return null;
  return {
    waiters: first.waiters,
    plain: firstOf(measured.map(({ plain }) => plain)),
    tls: firstOf(measured.map(({ tls }) => tls)),
  };
}

function firstOf<T>(values: readonly (T | null)[]): T | null {
  return values.find(isThere) ?? null;
}

function firstOfEach<T>(values: readonly T[], idOf: (value: T) => string): T[] {
  const byId = new Map<string, T>();
  for (const value of values) if (!byId.has(idOf(value))) byId.set(idOf(value), value);
  return [...byId.values()];
}

function isThere<T>(value: T | null): value is T {
  return value !== null;
}
