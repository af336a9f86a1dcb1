/** The page around the workspace: it is told of the chat on screen. */
import type { WorkspaceController } from '../state/controller.js';
import type { PagePlace } from './place.js';

export function aroundWorkspace(
  controller: WorkspaceController,
  origins: readonly string[],
): PagePlace {
  const shown = () => {
    const { shown: id, chats } = controller.store.getState();
    return id !== null && chats[id] !== undefined ? id : null;
  };
  return {
    window,
    source: () => window.parent,
    origins,
    chat: shown,
    focused: shown,
    onFocus: (listener) => controller.store.subscribe(listener),
  };
}
