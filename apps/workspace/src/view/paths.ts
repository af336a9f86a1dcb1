/** Addresses of the workspace's places. They stand behind `#`, so they work below any path. */
import { useLocation } from 'wouter';
import { embedded } from '../embed/embedded.js';
import { useWorkspace } from './workspace-context.js';

export function chatPath(id: string): string {
  return `/chats/${encodeURIComponent(id)}`;
}

/** @returns the chat that the address names */
export function useShownChat(): string | null {
  const [path] = useLocation();
  const found = /^\/chats\/([^/]+)$/.exec(path)?.[1];
  return found === undefined ? null : decodeURIComponent(found);
}

/** A part of the workspace. */
export type Place = 'chats' | 'board' | 'admin';

const ONLY_CHATS: readonly Place[] = ['chats'];

/** The places that this user has, the first one first. Who takes no chats has those that are watched. */
export function usePlaces(): readonly Place[] {
  const has = useWorkspace((state) => {
    const chats = state.isAgent || Object.keys(state.chats).length > 0;
    return `${chats ? 'chats' : ''} ${state.supervises ? 'board' : ''} ${state.isAdmin ? 'admin' : ''}`;
  });
  // A page has the workspace for its chats alone.
  if (embedded !== null) return ONLY_CHATS;
  return (['chats', 'board', 'admin'] as const).filter((place) => has.split(' ').includes(place));
}

/** Whether the address leads to the programs in the own session, which stand in the user's menu. */
export function useShowsPrograms(): boolean {
  const [path] = useLocation();
  const hasSession = useWorkspace((state) => state.hasSession);
  return hasSession && path.startsWith('/programs');
}

/** Where the address leads; what it names and this user does not have is not shown. */
export function usePlace(): Place {
  const [path] = useLocation();
  const places = usePlaces();
  const isAgent = useWorkspace((state) => state.isAgent);
  const named = path.startsWith('/admin')
    ? 'admin'
    : path.startsWith('/board')
      ? 'board'
      : path.startsWith('/chats') || isAgent
        ? 'chats'
        : null;
  if (named !== null && places.includes(named)) return named;
  // Who takes no chats begins with the last one: the administration before the board.
  return (isAgent ? places[0] : places.findLast((place) => place !== 'chats')) ?? 'chats';
}
