/** What somebody chose about how the workspace works, on this device. */
import { useSyncExternalStore } from 'react';

/** The choices, with what they are at first. */
const DEFAULTS = {
  /** Whether single letters outside of fields are shortcuts. */
  letters: true,
  /** Whether Enter sends; else Ctrl+Enter does. */
  enterSends: true,
  /** Width of the chat list, pixels. */
  listWidth: 320,
} as const;

type Preferences = { readonly [K in keyof typeof DEFAULTS]: Widened<(typeof DEFAULTS)[K]> };
type Widened<T> = T extends boolean ? boolean : number;

const PREFIX = 'parley:preference:';
const listeners = new Set<() => void>();

export function preference<K extends keyof Preferences>(name: K): Preferences[K] {
  try {
    const kept = localStorage.getItem(PREFIX + name);
    const value: unknown = kept === null ? null : JSON.parse(kept);
    if (typeof value === typeof DEFAULTS[name]) return value as Preferences[K];
  } catch {
    // What cannot be read is as it was at first.
  }
  return DEFAULTS[name] as Preferences[K];
}

export function setPreference<K extends keyof Preferences>(name: K, value: Preferences[K]): void {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // A full storage: the choice is forgotten.
  }
  for (const listener of listeners) listener();
}

/** A choice, and again when it changes. */
export function usePreference<K extends keyof Preferences>(name: K): Preferences[K] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => preference(name),
  );
}
