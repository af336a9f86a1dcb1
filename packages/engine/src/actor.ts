import type { Author } from './chats/entries.js';

/** Who gives a command. */
export type Actor =
  | { readonly by: 'user'; readonly userId: number }
  /** Who has the chat's address, or whose visit it is. */
  | { readonly by: 'visitor' }
  /** Somebody without a chat yet, for whom a page or a server speaks. */
  | { readonly by: 'appKey'; readonly keyId: number }
  /** Time, the configuration, or the server itself. */
  | { readonly by: 'system' };

export const SYSTEM: Actor = { by: 'system' };

/** The id for what the command makes. @throws Error when it came without one. */
export function requireNewId({ newId }: { readonly newId?: string | undefined }): string {
  if (newId === undefined) throw new Error('this command needs the id of what it makes');
  return newId;
}

/** Whose words an actor's are. */
export function authorOf(actor: Actor): Author {
  switch (actor.by) {
    case 'user':
      return actor.userId;
    case 'visitor':
    case 'appKey':
      return 'visitor';
    case 'system':
      return 'system';
    default:
      return actor satisfies never;
  }
}
