/** What `audit verify` says: what was checked, against what, and what that leaves open. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { type Head, headsIn } from '../store/audit/head.ts';
import { type Audited, verifyAudit, type WholeAudit } from '../store/audit/verify.ts';

const MAX_FILE_BYTES = 256 * 1024 * 1024;

/**
 * The gateway's own file of heads is always looked at; `against` are further heads, or files. Throws one sentence when the audit
 * does not hold, or when what it is to be held against has no head in it.
 */
export async function describeAudit(
  audited: Audited,
  headsFile: string,
  against: readonly string[],
): Promise<string[]> {
  const own = existsSync(headsFile) ? headsIn(read(headsFile)) : [];
  const heads = [...own, ...against.flatMap(headsOf)];
  const verdict = await verifyAudit(audited, { heads });
  if (!verdict.ok) throw new Error(`entry ${verdict.seq}: ${verdict.reason}`);
  const { keys, file } = audited.auditKeys;
  const { entries, head, unchecked } = verdict;
  if (entries > 0 && (keys.at(-1)?.from ?? Number.POSITIVE_INFINITY) > entries && unchecked > 0)
    throw new Error(`the audit cannot be checked: the key that sealed it is not in ${file}`);
  return [`${entries} entries, unbroken; head ${head}`, ...remarks(verdict, heads, file)];
}

function remarks(
  { entries, unsealed, unchecked }: WholeAudit,
  heads: readonly Head[],
  file: string,
): string[] {
  const last = heads.toSorted((a, b) => a.entries - b.entries).at(-1);
  const said = [
    last === undefined
      ? 'no head was kept to compare it with: that its end was not cut off is not shown'
      : `${heads.length} heads fit, the last of ${last.at} with ${last.entries} entries; what was cut off after it would not show`,
  ];
  if (unsealed > 0)
    said.push(
      unsealed === entries
        ? 'no entry is sealed with a key yet: one who can write to the store could have written all of it anew'
        : `entries 1 to ${unsealed} are from before there was a key; the seal of the next one holds them`,
    );
  if (unchecked > 0)
    said.push(
      `${unchecked} entries are sealed with keys that are not in ${file}: only their order was checked`,
    );
  return said;
}

function headsOf(given: string): Head[] {
  const text = headsIn(given).length > 0 ? given : read(given);
  const heads = headsIn(text);
  if (heads.length === 0) throw new Error(`${given}: has no head of an audit in it`);
  return heads;
}

function read(file: string): string {
  try {
    if (statSync(file).size > MAX_FILE_BYTES)
      throw new Error(`${file}: is larger than ${MAX_FILE_BYTES} bytes; give the lines with heads only`);
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw code === undefined
      ? error
      : new Error(`${file}: is neither a head nor a file that can be read (${message})`);
  }
}
