/** How a paired box asks its gateway for a file over HTTP: signed with the box's key, for one file, and for a few minutes only. */
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { Sha256, Slug, Timestamp } from './ids.ts';
import { Signature } from './signature.ts';
import { Version } from './version.ts';

const FileRequest = Type.Object({
  v: Version,
  site: Slug,
  agent: Slug,
  sha256: Sha256,
  at: Timestamp,
  signature: Signature,
});
export type FileRequest = Static<typeof FileRequest>;

const MAX_TEXT = 4096;

/** Of the credentials in `Authorization: Roadwatch …`; null when they are none. */
export function readFileRequest(text: string): FileRequest | null {
  if (text.length > MAX_TEXT) return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return Value.Check(FileRequest, value) ? (value as FileRequest) : null;
  } catch {
    return null;
  }
}
