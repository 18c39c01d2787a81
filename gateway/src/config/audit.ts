/** What the configuration says of the audit: the key that seals it, and where its head is kept. */
import { join, resolve } from 'node:path';
import { type Static, Type } from 'typebox';
import { Address } from './mail.ts';

const Path = Type.String({ minLength: 1, maxLength: 4096, description: 'a path' });

export const AuditSection = Type.Object(
  {
    keyFile: Type.Optional(Path),
    heads: Type.Object(
      {
        everyMinutes: Type.Number({ minimum: 0.01, maximum: 1440, default: 10 }),
        file: Type.Optional(Path),
        mail: Type.Array(Address, { maxItems: 20, uniqueItems: true, default: [] }),
      },
      { additionalProperties: false, default: {} },
    ),
  },
  { additionalProperties: false, default: {} },
);

export interface AuditConfig {
  /** Left out: a key that the gateway makes in its `dataDir`. */
  readonly keyFile?: string;
  readonly heads: { readonly everyMinutes: number; readonly file: string; readonly mail: readonly string[] };
}

export function resolveAudit(
  { keyFile, heads }: Static<typeof AuditSection>,
  {
    folder,
    dataDir,
    hasSmtp,
  }: { readonly folder: string; readonly dataDir: string; readonly hasSmtp: boolean },
  problems: string[],
): AuditConfig {
  if (heads.mail.length > 0 && !hasSmtp)
    problems.push('audit.heads.mail: needs smtp, a server that takes mail');
  return {
    ...(keyFile === undefined ? {} : { keyFile: resolve(folder, keyFile) }),
    heads: { ...heads, file: resolve(folder, heads.file ?? join(dataDir, 'audit-heads')) },
  };
}
