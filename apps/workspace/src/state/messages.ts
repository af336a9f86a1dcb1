/** What went wrong, in the server's words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
