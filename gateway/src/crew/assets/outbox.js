// What a crew has reported and the gateway has not yet: in IndexedDB, so that it outlives a reload, a closed page and an empty battery;
// in memory where the browser allows no more. An entry: { id, order, path, step, fields, photos: [{ name, bytes, sent }], at, refused }.
const NAME = 'roadwatch-crew';
const STORE = 'reports';
const memory = new Map();

let opened = null;

/** Null where the browser has no such store, or forbids it. */
function open() {
  if (opened === null)
    opened = new Promise((resolve) => {
      try {
        const request = indexedDB.open(NAME, 1);
        request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'id' });
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => resolve(null);
        request.onblocked = () => resolve(null);
      } catch {
        resolve(null);
      }
    });
  return opened;
}

async function run(mode, work) {
  const db = await open();
  if (db === null) return null;
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(STORE, mode);
    const request = work(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

/** Whether it is kept over a reload. */
export async function keep(entry) {
  try {
    if ((await run('readwrite', (store) => store.put(entry))) !== null) {
      memory.delete(entry.id);
      return true;
    }
  } catch {
    // The telephone is full: see below.
  }
  memory.set(entry.id, entry);
  return false;
}

export async function drop(id) {
  memory.delete(id);
  await run('readwrite', (store) => store.delete(id)).catch(() => null);
}

/** In the order in which they were reported. */
export async function entries() {
  const kept = (await run('readonly', (store) => store.getAll()).catch(() => null)) || [];
  const all = kept.filter(({ id }) => !memory.has(id)).concat(Array.from(memory.values()));
  return all.sort((a, b) => a.at - b.at);
}
