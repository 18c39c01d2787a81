// The page of a crew's order. What is reported is kept on the telephone first and sent as soon as there is a line; the next step can be
// reported before the last has arrived. Without this script the forms work all the same, as long as there is a line.
import { drop, entries, keep } from './outbox.js';
import { Refused, send } from './send.js';
import { shrink } from './shrink.js';

const AGAIN_MS = 15000;
const page = JSON.parse(document.getElementById('order').textContent);
const { texts } = page;
const box = document.getElementById('outbox');
let { state } = page;
let sending = false;
let over = page.order === null;

// In a page that is not encrypted there is neither a hash nor a worker: there the forms are sent as they are.
const canKeep = !!(window.crypto && crypto.subtle && window.indexedDB);

let place = {};
if (navigator.geolocation && page.order !== null)
  navigator.geolocation.getCurrentPosition(({ coords }) => {
    place = { latitude: coords.latitude, longitude: coords.longitude, accuracyM: coords.accuracy };
    for (const form of document.forms)
      for (const [name, value] of [
        ['latitude', coords.latitude],
        ['longitude', coords.longitude],
        ['accuracy', coords.accuracy],
      ])
        form.elements[name].value = value;
  });

if (canKeep) {
  for (const form of document.forms) form.addEventListener('submit', onSubmit);
  addEventListener('online', flush);
  document.addEventListener('visibilitychange', () => document.hidden || flush());
  setInterval(flush, AGAIN_MS);
  if (navigator.serviceWorker && page.order !== null) stay().catch(() => {});
  show().then(flush);
}

/** So that the page opens without a line, with its pictures. */
async function stay() {
  await navigator.serviceWorker.register('./worker.js');
  await navigator.serviceWorker.ready;
  const cache = await caches.open(`order:${location.pathname}`);
  await cache.addAll(Array.from(document.images, ({ src }) => src));
  document.body.dataset.stays = 'true';
}

/** Those of this order, also by an earlier link to it; of a link that is over those that were reported by it. */
async function mine() {
  const all = await entries();
  return all.filter(({ order, path }) =>
    page.order === null ? path === location.pathname : order === page.order,
  );
}

async function onSubmit(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const buttons = form.querySelectorAll('button');
  for (const button of buttons) button.disabled = true;
  const files = form.elements.photo ? Array.from(form.elements.photo.files).slice(0, page.maxPhotos) : [];
  try {
    say(texts.preparing);
    const photos = [];
    for (const file of files) photos.push(await photoOf(await shrink(file)));
    const reason = form.elements.reason ? { reason: form.elements.reason.value } : {};
    const entry = {
      id: newId(),
      order: page.order,
      path: location.pathname,
      step: form.dataset.step,
      fields: Object.assign(reason, place.latitude === undefined ? {} : { position: place }),
      photos,
      at: Date.now(),
      refused: null,
    };
    entry.lasting = await keep(entry);
    form.reset();
  } finally {
    for (const button of buttons) button.disabled = false;
  }
  await show();
  await flush();
}

async function photoOf(blob) {
  const bytes = await new Response(blob).arrayBuffer();
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return { name: Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join(''), bytes };
}

/** One after the other, for a step follows on the one before it. */
async function flush() {
  if (sending || over) return;
  sending = true;
  try {
    for (const entry of await mine()) {
      if (entry.refused !== null) break;
      const answer = await send(entry, page.language, (sent, total) =>
        say(texts.progress.replace('%', percent(sent, total))),
      );
      await drop(entry.id);
      state = answer.state;
      say(texts.sent);
    }
    await show();
  } catch (error) {
    await fail(error);
  } finally {
    sending = false;
  }
}

async function fail(error) {
  if (error instanceof Refused && error.status === 404) over = true;
  else if (error instanceof Refused) {
    const [first] = await mine();
    if (first) await keep(Object.assign({}, first, { refused: error.detail || texts.refused }));
    // The order is no longer as this page has it.
    if (error.status === 409) return location.reload();
  }
  await show();
}

/** What waits, and the forms of the steps that can come next once it has arrived. */
async function show() {
  const waiting = await mine();
  let then = state;
  for (const { step, refused } of waiting) if (refused === null) then = page.steps[step].to;
  for (const form of document.forms) {
    const possible = !over && page.steps[form.dataset.step].from.indexOf(then) >= 0;
    (form.closest('details') || form).hidden = !possible;
  }
  const first = Array.from(document.forms).find((form) => !(form.closest('details') || form).hidden);
  for (const button of document.querySelectorAll('form button'))
    button.className = button.form === first ? 'next' : '';
  const shown = document.getElementById('state');
  if (shown) shown.textContent = texts.states[then];
  document.getElementById('done').hidden = over || first !== undefined || waiting.length > 0;
  box.textContent = '';
  box.hidden = waiting.length === 0;
  if (over) box.append(line('strong', waiting.length === 0 ? texts.over : texts.overKept));
  if (over) box.hidden = false;
  for (const entry of waiting) box.append(row(entry));
  if (waiting.length === 0) return;
  if (waiting.some(({ lasting }) => lasting === false)) say(texts.notLasting);
  else if (!over) say(navigator.onLine === false ? texts.offline : texts.waiting);
}

function row(entry) {
  const item = line('div', '');
  item.className = 'kept';
  const photos =
    entry.photos.length === 0 ? '' : ` · ${texts.photos.replace('%', String(entry.photos.length))}`;
  item.append(line('b', texts.steps[entry.step] + photos));
  if (entry.refused !== null) {
    const alert = line('p', entry.refused);
    alert.setAttribute('role', 'alert');
    item.append(alert);
  }
  if (!over && entry.refused === null) return item;
  entry.photos.forEach(({ bytes }, at) => {
    const link = line('a', texts.save.replace('%', String(at + 1)));
    link.href = URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' }));
    link.download = `${page.number || 'photo'}-${at + 1}.jpg`;
    item.append(link);
  });
  const away = line('button', texts.discard);
  away.type = 'button';
  away.addEventListener('click', async () => {
    await drop(entry.id);
    await show();
    await flush();
  });
  item.append(away);
  return item;
}

function say(text) {
  const status = document.getElementById('sending');
  status.hidden = false;
  status.textContent = text;
}

function line(name, text) {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}

function percent(part, whole) {
  return String(whole === 0 ? 100 : Math.floor((100 * part) / whole));
}

/** RFC 9562, version 4; `randomUUID` is younger than many telephones. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
