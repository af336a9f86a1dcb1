/** What this browser keeps for the workspace; null where a page within another one may keep nothing. */
export const storage: Storage | null = reachable();

function reachable(): Storage | null {
  try {
    return localStorage;
  } catch {
    // Browsers refuse pages in frames, when their users want that.
    return null;
  }
}
