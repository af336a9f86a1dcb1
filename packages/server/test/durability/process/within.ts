/**
 * Waits for something no longer than it can take, so that a test that hangs ends and says where.
 * @param ms the longest
 * @param what what takes too long then
 * @throws Error when it does; what was begun goes on unheard
 */
export async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([work, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
