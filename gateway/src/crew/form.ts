/** What a crew's form holds as it arrives: photographs go into files, and what does not belong there is read and dropped. */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { watchUpload } from '../foreign/upload-watch.ts';
import { MAX_PHOTO_BYTES, PhotoRefusal } from './photo.ts';
import { type CrewReport, type CrewStep, MAX_PHOTOS } from './report.ts';

class BrokenForm extends Error {
  readonly statusCode = 400;
}

/**
 * Throws PhotoRefusal once everything has been read, so that the telephone hears the answer rather than a broken connection; an
 * error with a status when no byte has come for `idleMs` (408; while bytes flow, a slow telephone has minutes) or what comes is
 * no form (400).
 */
export async function readForm(
  request: FastifyRequest,
  step: CrewStep,
  folder: string,
  idleMs: number,
): Promise<CrewReport> {
  if (!request.isMultipart()) return { step, photos: [] };
  const watch = watchUpload(request.raw.socket, idleMs);
  try {
    return await Promise.race([readParts(request, step, folder).catch(asBrokenForm), watch.stalled]);
  } finally {
    watch.end();
  }
}

async function readParts(request: FastifyRequest, step: CrewStep, folder: string): Promise<CrewReport> {
  const fields = new Map<string, string>();
  const photos: string[] = [];
  let fault: PhotoRefusal | null = null;
  for await (const part of request.parts()) {
    if (part.type === 'field') fields.set(part.fieldname, String(part.value));
    else if (part.fieldname !== 'photo' || fault !== null) part.file.resume();
    else {
      const path = join(folder, String(photos.length));
      const bytes = await save(part, path);
      if (part.file.truncated)
        fault = new PhotoRefusal('bytes', `is larger than ${MAX_PHOTO_BYTES / 2 ** 20} MiB`);
      // A form without a chosen file sends an empty one.
      else if (bytes > 0) photos.push(path);
      if (photos.length > MAX_PHOTOS) fault = new PhotoRefusal('count', `more than ${MAX_PHOTOS} at once`);
    }
  }
  if (fault !== null) throw fault;
  return reportOf(step, photos, fields);
}

/** The parser's own errors have no status; those of the disk have a number. */
function asBrokenForm(error: NodeJS.ErrnoException & { readonly statusCode?: number }): never {
  if (error.errno !== undefined || error.statusCode !== undefined || error instanceof PhotoRefusal)
    throw error;
  throw new BrokenForm(error.message);
}

async function save({ file }: MultipartFile, path: string): Promise<number> {
  const target = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  await pipeline(file, target);
  return target.bytesWritten;
}

function reportOf(
  step: CrewStep,
  photos: readonly string[],
  fields: ReadonlyMap<string, string>,
): CrewReport {
  const number = (name: string, limit: number): number | null => {
    const value = Number(fields.get(name) || Number.NaN);
    return Math.abs(value) <= limit ? value : null;
  };
  const latitude = number('latitude', 90);
  const longitude = number('longitude', 180);
  // The cut may fall within a pair of surrogates, and PostgreSQL has no U+0000.
  const reason = fields.get('reason')?.replaceAll('\u0000', ' ').trim().slice(0, 500).toWellFormed();
  return {
    step,
    photos,
    ...(reason ? { reason } : {}),
    ...(latitude === null || longitude === null
      ? {}
      : { position: { latitude, longitude, accuracyM: number('accuracy', 1e6) } }),
  };
}
