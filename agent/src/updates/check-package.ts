/**
 * A package once more, for the updater that installs it as root: who has signed it, by the keys of the box's own settings, and that it
 * is what was signed. What it is given is a copy that the agent's user can no longer change; of what that user says nothing is believed.
 */
import { createHash, type KeyObject } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ConfigError, checkSettings, ed25519KeyOf, fileReader, readSettings } from '@roadwatch/common';
import { parseRelease, ReleaseError, ReleaseSignature, signatureProblem } from '@roadwatch/contract';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { ConfigSchema } from '../config/schema.ts';
import { fileFor, type PackageForm } from './package-update.ts';
import { UpdateRefusal } from './update-refusal.ts';

export interface PackageToCheck {
  /** The box's settings. */
  readonly config: string;
  /** `VERSION.json` of the spool. */
  readonly note: string;
  readonly package: string;
}

const NAME = 'roadwatch-agent';
const Note = Type.Object({
  release: Type.String(),
  signature: Type.Union([ReleaseSignature, Type.Null()]),
});
/** Write permission of group and others. */
const OTHERS_WRITE = 0o022;

/** Its version. Throws UpdateRefusal. */
export async function checkPackage({ config, note, package: file }: PackageToCheck): Promise<string> {
  const { release: text, signature } = readNote(note);
  try {
    // Unsigned ones are not taken, whatever the settings allow: then the agent's user would be root.
    const unsigned = signatureProblem(text, signature, keysOf(config));
    if (unsigned !== null) throw new UpdateRefusal('unsigned', `it ${unsigned}`);
    const release = parseRelease(text);
    if (release.kind !== 'agent' || release.name !== NAME)
      throw new UpdateRefusal(
        'kind_unknown',
        `it is ${release.kind} ${release.name}; expected agent ${NAME}`,
      );
    const form: PackageForm = file.endsWith('.deb') ? 'deb' : 'tar.gz';
    const signed = fileFor(release, form);
    if (statSync(file).size !== signed.bytes || (await sha256Of(file)) !== signed.sha256)
      throw new UpdateRefusal('file_damaged', `${signed.name} is not what was signed`);
    return release.version;
  } catch (error) {
    if (error instanceof ReleaseError) throw new UpdateRefusal('release_invalid', error.message);
    throw error;
  }
}

function readNote(file: string): Static<typeof Note> {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (Value.Check(Note, value)) return value;
  } catch {
    // Said below.
  }
  throw new UpdateRefusal('release_invalid', 'what was signed is not there');
}

/** Those alone that nobody but root, or whoever runs this, can have written. */
function keysOf(config: string): readonly KeyObject[] {
  const problems: string[] = [];
  guard(config);
  const { value } = checkSettings(ConfigSchema, readSettings(config), config);
  const { keyFiles } = (value as { updates?: { keyFiles?: unknown } }).updates ?? {};
  if (!Array.isArray(keyFiles)) return [];
  const folder = dirname(resolve(config));
  const read = fileReader(folder, problems);
  const keys = keyFiles.map(String).flatMap((path) => {
    guard(resolve(folder, path));
    return ed25519KeyOf('updates.keyFiles', path, read, problems);
  });
  if (problems.length > 0) throw new ConfigError(config, problems);
  return keys;
}

function guard(file: string): void {
  const { uid, mode } = statSync(file);
  if ((uid !== 0 && uid !== process.getuid?.()) || (mode & OTHERS_WRITE) !== 0)
    throw new UpdateRefusal('unsigned', `${file} can be written by others than root`);
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
