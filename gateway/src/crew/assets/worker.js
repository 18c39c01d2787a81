// Keeps the page of one order on the telephone, so that it opens without a line. What is reported is kept by the page itself.
const CACHE = `order:${new URL(self.registration.scope).pathname}`;
const LINE_MS = 5000;

/** The page and what it is made of; its pictures it adds itself. */
const PAGE = ['./', '../page.css', '../page.js', '../outbox.js', '../send.js', '../shrink.js'];

self.addEventListener('install', (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(PAGE)));
});
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== 'GET' || address.origin !== self.location.origin) return;
  event.respondWith(fresh(request));
});

/** From the gateway while there is a line; as it was last seen otherwise. An answer that is an end, such as 404, is an answer. */
async function fresh(request) {
  const cache = await caches.open(CACHE);
  // The page is kept once, as it was last seen, in whatever language.
  const { origin, pathname } = new URL(request.url);
  const kept = () => cache.match(origin + pathname);
  // Pictures are named by their content.
  if (/\.jpg$/.test(pathname)) {
    const picture = await kept();
    if (picture) return picture;
  }
  try {
    const answer = await withinTime(fetch(request));
    // A telephone whose storage is full still shows what has come.
    if (answer.ok) await cache.put(origin + pathname, answer.clone()).catch(() => {});
    // What stands before the gateway says so when it is away: that is no line either.
    else if (answer.status >= 500) return (await kept()) ?? answer;
    else if (request.mode === 'navigate' && answer.status === 404) await caches.delete(CACHE);
    return answer;
  } catch (error) {
    const last = await kept();
    if (last) return last;
    throw error;
  }
}

function withinTime(answer) {
  return Promise.race([
    answer,
    new Promise((_, reject) => setTimeout(() => reject(new Error('no line')), LINE_MS)),
  ]);
}
