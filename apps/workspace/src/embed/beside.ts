/** Pages beside a chat: each is told of the chat on screen, where it is one that the page belongs to. */
import type { WorkspacePagesDocument } from '@parley/client/administration';
import type { WorkspaceController } from '../state/controller.js';
import type { ChatEntry, Workspace } from '../state/model.js';
import type { PagePlace } from './place.js';

type WorkspacePage = WorkspacePagesDocument[number];

/** Whether the page is one for this chat. */
export function isBeside({ skillIds }: WorkspacePage, { info }: Pick<ChatEntry, 'info'>): boolean {
  return skillIds.length === 0 || (info.skillId !== undefined && skillIds.includes(info.skillId));
}

function chatBeside(page: WorkspacePage, { shown, chats }: Workspace): string | null {
  const chat = shown === null ? undefined : chats[shown];
  return chat !== undefined && isBeside(page, chat) ? shown : null;
}

/** Whether something is on screen, and who wants to hear of it. */
export class OnScreen {
  readonly #listeners = new Set<() => void>();
  #is = false;

  get is(): boolean {
    return this.#is;
  }

  set(is: boolean): void {
    this.#is = is;
    for (const listener of this.#listeners) listener();
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/**
 * @param window the window of the frame around the page
 * @param source the page's own window
 */
export function besideChat(
  controller: WorkspaceController,
  page: WorkspacePage,
  { window, source }: Pick<PagePlace, 'window' | 'source'>,
  onScreen: OnScreen,
): PagePlace {
  const chat = () => chatBeside(page, controller.store.getState());
  return {
    window,
    source,
    origins: [new URL(page.url).origin],
    chat,
    focused: () => (onScreen.is ? chat() : null),
    onFocus: (listener) => {
      const stops = [controller.store.subscribe(listener), onScreen.listen(listener)];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}
