/**
 * The keys that seal the audit: a file outside the store, since whoever can write to the store could else hash an altered chain
 * anew. A line holds a key and the number of the first entry that it seals; the last line's key seals what comes next.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';

const KEY_BYTES = 32;
const LINE = /^([0-9a-f]{64})(?:\s+([1-9]\d{0,15}))?$/;
const HEADING =
  '# Seals the audit of the gateway. Keep a copy, but not beside backups: whoever has it can forge entries.\n';

export interface AuditKey {
  /** Tells keys apart without giving them away. */
  readonly id: string;
  /** The number of the first entry that it seals. */
  readonly from: number;
  readonly secret: Buffer;
}

/** A key that is missing, malformed or not the one that sealed the audit: one sentence that says what to do. */
export class AuditKeyError extends Error {
  override readonly name = 'AuditKeyError';
}

export class KeyRing {
  readonly file: string;
  /** Whether a key may be made when there is none; not where the configuration names one that others share. */
  readonly mayMake: boolean;
  #keys: readonly AuditKey[] | null = null;

  constructor(file: string, mayMake: boolean) {
    this.file = file;
    this.mayMake = mayMake;
  }

  /** In the order of the entries that they seal; empty when there is no file. Throws AuditKeyError. */
  get keys(): readonly AuditKey[] {
    this.#keys ??= readKeys(this.file);
    return this.#keys;
  }

  /** What another process has added is seen from now on. */
  reload(): void {
    this.#keys = null;
  }

  /** Whether users of this machine other than the owner can read it. */
  get exposed(): boolean {
    return this.keys.length > 0 && (statSync(this.file).mode & 0o007) !== 0;
  }

  /** Adds a key for the entries from this one on, durably; nobody but the owner can read a file that it makes. */
  add(from: number): AuditKey {
    const secret = randomBytes(KEY_BYTES);
    const file = openSync(this.file, 'a', 0o600);
    try {
      const heading = this.keys.length === 0 ? HEADING : '';
      writeSync(file, `${heading}${secret.toString('hex')} ${from}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    this.reload();
    return { id: idOf(secret), from, secret };
  }

  /** The key that sealed an entry; undefined for entries from before there was one. */
  at(seq: number): AuditKey | undefined {
    return this.keys.findLast(({ from }) => from <= seq);
  }
}

/** HMAC-SHA-256 (RFC 2104) in hexadecimal digits. */
export function macOf({ secret }: Pick<AuditKey, 'secret'>, text: string): string {
  return createHmac('sha256', secret).update(text).digest('hex');
}

function readKeys(file: string): AuditKey[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new AuditKeyError(`${file}: the key of the audit cannot be read (${code})`);
  }
  const keys: AuditKey[] = [];
  for (const [index, line] of text
    .split('\n')
    .map((entry) => entry.trim())
    .entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const [, secret, from = '1'] = LINE.exec(line) ?? [];
    if (secret === undefined)
      throw new AuditKeyError(
        `${file}, line ${index + 1}: is no key; expected 64 hexadecimal digits and the number of the first entry that it seals`,
      );
    const bytes = Buffer.from(secret, 'hex');
    if (Number(from) <= (keys.at(-1)?.from ?? 0))
      throw new AuditKeyError(`${file}, line ${index + 1}: must seal later entries than the key before it`);
    keys.push({ id: idOf(bytes), from: Number(from), secret: bytes });
  }
  return keys;
}

function idOf(secret: Buffer): string {
  return macOf({ secret }, 'roadwatch audit key').slice(0, 16);
}
