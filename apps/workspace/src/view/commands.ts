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

const writers = new Set<(text: string) => void>();

/** Takes texts that are to be put into what is being written. @returns what takes it off again */
export function onInsert(write: (text: string) => void): () => void {
  writers.add(write);
  return () => {
    writers.delete(write);
  };
}

export function insertText(text: string): void {
  for (const write of [...writers]) write(text);
}
