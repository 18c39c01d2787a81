// Sends what is kept: each photograph in parts from where it broke off, then the step; a step that is sent twice is taken once.
const PART_BYTES = 64 * 1024;

/** The gateway has said no, and will say no again; `detail`: why, in the language of the page. */
export class Refused extends Error {
  constructor(status, detail) {
    super(detail || String(status));
    this.status = status;
    this.detail = detail || '';
  }
}

/** Resolves with how the order stands. Throws Refused, or any other error when there is no line. */
export async function send(entry, language, onProgress) {
  const total = entry.photos.reduce((sum, photo) => sum + photo.bytes.byteLength, 0);
  let before = 0;
  for (const photo of entry.photos) {
    const start = before;
    await sendPhoto(photo, (sent) => onProgress(start + sent, total));
    before += photo.bytes.byteLength;
  }
  const { id, step, fields, photos } = entry;
  const answer = await ask(`reports/${step}?lang=${language}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': id },
    body: JSON.stringify(Object.assign({ photos: photos.map(({ name }) => name) }, fields)),
  });
  return answer.json();
}

async function sendPhoto({ name, bytes }, onProgress) {
  const path = `photos/${name}`;
  const total = bytes.byteLength;
  const here = await ask(path, { method: 'HEAD' });
  let offset = Number(here.headers.get('upload-offset'));
  while (offset < total) {
    onProgress(offset);
    const part = bytes.slice(offset, offset + PART_BYTES);
    const answer = await ask(path, {
      method: 'PATCH',
      headers: {
        'content-type': 'application/offset+octet-stream',
        'upload-offset': String(offset),
        'upload-length': String(total),
      },
      body: part,
    });
    offset = Number(answer.headers.get('upload-offset'));
  }
  onProgress(total);
}

async function ask(path, request) {
  const answer = await fetch(`./${path}`, request);
  if (answer.ok) return answer;
  // Too often, or nobody at home: later it is another answer.
  if (answer.status === 408 || answer.status === 425 || answer.status === 429 || answer.status >= 500)
    throw new Error(`status ${answer.status}`);
  const { detail } = await answer.json().catch(() => ({}));
  throw new Refused(answer.status, detail);
}
