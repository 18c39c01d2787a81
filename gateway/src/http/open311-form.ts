/**
 * The form of "POST Service Request", in both encodings that browsers and other clients use: urlencoded as the specification has
 * it, and multipart as soon as there is a photograph (RFC 7578).
 */
import multipart from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { watchUpload } from '../foreign/upload-watch.ts';
import { Open311Refusal } from '../open311/refusal.ts';
import type { Server } from './server.ts';

const MAX_FORM_BYTES = 64 * 1024;
const MULTIPART = { fields: 60, fieldSize: 16 * 1024, files: 10, fileSize: 20 * 1024 * 1024, parts: 70 };
const IDLE_MS = 30_000;
/** What a client may give more than once; its values become lines of one. */
const SEVERAL = 'media_url';

type Form = Readonly<Record<string, string>>;

/** For the routes of a scope; `request.body` is then a Form. */
export async function acceptForms(scope: Server): Promise<void> {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: MAX_FORM_BYTES },
    async (_request: FastifyRequest, body: string) => formOf([...new URLSearchParams(body)]),
  );
  await scope.register(multipart, { limits: MULTIPART });
  scope.addHook('preValidation', async (request) => {
    if (!request.isMultipart()) return;
    const watch = watchUpload(request.raw.socket, IDLE_MS);
    try {
      request.body = formOf(await Promise.race([fieldsOf(request).catch(asBrokenForm), watch.stalled]));
    } finally {
      watch.end();
    }
  });
}

/** Files are read to their end and let go: nothing here shows them to anybody. */
async function fieldsOf(request: FastifyRequest): Promise<(readonly [string, string])[]> {
  const fields: [string, string][] = [];
  for await (const part of request.parts()) {
    if (part.type === 'file') part.file.resume();
    else if (part.valueTruncated) throw new Open311Refusal(400, `${part.fieldname}: is too long`);
    else fields.push([part.fieldname, String(part.value)]);
  }
  return fields;
}

/** The parser's own errors have no status. */
function asBrokenForm(error: Error & { readonly statusCode?: number }): never {
  if (error.statusCode !== undefined || error instanceof Open311Refusal) throw error;
  throw new Open311Refusal(400, `the form cannot be read: ${error.message}`);
}

/** What is given twice alike is given once. Throws Open311Refusal for two values of what has one. */
function formOf(fields: readonly (readonly [string, string])[]): Form {
  const form = new Map<string, string>();
  for (const [name, value] of fields) {
    const before = form.get(name);
    if (before === undefined) form.set(name, value);
    else if (name === SEVERAL) form.set(name, `${before}\n${value}`);
    else if (before !== value)
      throw new Open311Refusal(400, `${name}: is given more than once, with different values`);
  }
  return Object.fromEntries(form);
}
