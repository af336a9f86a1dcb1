/** Commands that a view carries out while it is there: the keys and the palette ask for them. */
export type Command = 'transfer' | 'invite' | 'end' | 'mode' | 'reply' | 'note' | 'focus-composer';

const listeners = new Map<Command, Set<() => void>>();

/** @returns what takes it off again */
export function onCommand(command: Command, act: () => void): () => void {
  const all = listeners.get(command) ?? new Set();
  listeners.set(command, all.add(act));
  return () => {
    all.delete(act);
  };
}

export function command(name: Command): void {
  for (const act of [...(listeners.get(name) ?? [])]) act();
}
