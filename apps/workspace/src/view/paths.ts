/** Addresses of the workspace's places. They stand behind `#`, so they work below any path. */
import { useLocation } from 'wouter';

export function chatPath(id: string): string {
  return `/chats/${encodeURIComponent(id)}`;
}

/** @returns the chat that the address names */
export function useShownChat(): string | null {
  const [path] = useLocation();
  const found = /^\/chats\/([^/]+)$/.exec(path)?.[1];
  return found === undefined ? null : decodeURIComponent(found);
}
