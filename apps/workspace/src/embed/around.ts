/** The page around the workspace: it is told of the chat on screen. */
import type { Desk } from '../state/desk.js';
import type { PagePlace } from './place.js';

export function aroundWorkspace(desk: Desk, origins: readonly string[]): PagePlace {
  const shown = () => {
    const { shown: id, chats } = desk.store.getState();
    return id !== null && chats[id] !== undefined ? id : null;
  };
  return {
    window,
    source: () => window.parent,
    origins,
    chat: shown,
    focused: shown,
    onFocus: (listener) => desk.store.subscribe(listener),
  };
}
