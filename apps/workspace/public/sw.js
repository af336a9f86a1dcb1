// Keeps the shell of the workspace, its page and its files, so that it opens without a connection and tries
// again by itself. What the server answers about chats is never kept.
const SHELL = 'parley-shell-1';

/** Files that are kept at most: old builds go. */
const MAX_FILES = 120;

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(SHELL)
      .then((cache) => cache.add(new Request('./', { cache: 'reload' })))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(
          names
            .filter((name) => name.startsWith('parley-shell-') && name !== SHELL)
            .map((name) => caches.delete(name)),
        ),
      )
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const scope = new URL(self.registration.scope);
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== scope.origin) return;
  if (!url.pathname.startsWith(scope.pathname)) return;
  // What stands in pages of others, or shows them, comes from the server each time.
  if (url.searchParams.has('embed') || url.pathname.startsWith(`${scope.pathname}frame/`)) return;
  if (request.mode === 'navigate') event.respondWith(page(request));
  // Their names change with what is in them.
  else if (url.pathname.startsWith(`${scope.pathname}assets/`)) event.respondWith(file(request));
});

/** The page of the server; the kept one while the server is not reached. */
async function page(request) {
  const cache = await caches.open(SHELL);
  try {
    const answer = await fetch(request);
    if (
      answer.ok &&
      !answer.redirected &&
      new URL(request.url).pathname === new URL(self.registration.scope).pathname
    ) {
      await cache.put('./', answer.clone());
    }
    return answer;
  } catch (error) {
    const kept = await cache.match('./');
    if (kept === undefined) throw error;
    return kept;
  }
}

async function file(request) {
  const cache = await caches.open(SHELL);
  const kept = await cache.match(request);
  if (kept !== undefined) return kept;
  const answer = await fetch(request);
  if (answer.ok) {
    await cache.put(request, answer.clone());
    const files = (await cache.keys()).filter(({ url }) => url.includes('/assets/'));
    // The oldest first.
    for (const old of files.slice(0, -MAX_FILES)) await cache.delete(old);
  }
  return answer;
}
