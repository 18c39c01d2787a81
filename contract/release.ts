/**
 * What is handed out to boxes: a model, or a package of the agent itself. A release is a text, `release.json`, that names every file
 * with its size and SHA-256, and a signature over the bytes of that text (Ed25519, RFC 8032), as `openssl pkeyutl -sign -rawin` makes
 * it. So who has the text and the signature knows what to fetch, and whether to want it, before a byte of it has been sent.
 */
import { type Static, Type } from 'typebox';
import { Sha256, Slug } from './ids.ts';
import { Version } from './version.ts';

export const RELEASE_FILE = 'release.json';
export const SIGNATURE_FILE = 'release.sig';
/** Of the text, which goes to boxes inside a command. */
export const MAX_RELEASE_TEXT = 16 * 1024;
/** Of one file; what a gateway takes is bounded by its own configuration. */
const MAX_FILE_BYTES = 1024 * 1024 * 1024;

/** A file beside the others: no folders, no hidden names, nothing that a shell or a file system reads in its own way. */
export const ReleaseFileName = Type.String({
  pattern: '^[0-9A-Za-z][0-9A-Za-z_-]*(?:\\.[0-9A-Za-z_-]+)*$',
  maxLength: 100,
  description: 'letters, digits, dots, hyphens and underscores, at most 100; no folder',
});

export const ReleaseVersion = Type.String({
  pattern: '^[0-9A-Za-z][0-9A-Za-z.-]{0,31}$',
  description: 'letters, digits, dots and hyphens, at most 32',
});

export const RELEASE_KINDS = ['model', 'agent'] as const;
export type ReleaseKind = (typeof RELEASE_KINDS)[number];

export const ReleaseName = Type.Object({
  kind: Type.Unsafe<ReleaseKind>(Type.Union(RELEASE_KINDS.map((kind) => Type.Literal(kind)))),
  name: Slug,
  version: ReleaseVersion,
});
export type ReleaseName = Static<typeof ReleaseName>;

export const Release = Type.Object(
  {
    v: Version,
    ...ReleaseName.properties,
    files: Type.Array(
      Type.Object({
        name: ReleaseFileName,
        bytes: Type.Integer({ minimum: 1, maximum: MAX_FILE_BYTES }),
        sha256: Sha256,
      }),
      { minItems: 1, maxItems: 32 },
    ),
  },
  { title: 'Release', description: 'a model or an agent package: every file with its size and hash' },
);
export type Release = Static<typeof Release>;
export type ReleaseFile = Release['files'][number];

export const ReleaseSignature = Type.Object(
  {
    key: Type.String({
      ...Sha256,
      description: 'SHA-256 of the public key (SubjectPublicKeyInfo, DER), hex',
    }),
    value: Type.String({
      pattern: '^[A-Za-z0-9_-]{86}$',
      description: 'Ed25519 over the bytes of the text, base64url',
    }),
  },
  { title: 'ReleaseSignature' },
);
export type ReleaseSignature = Static<typeof ReleaseSignature>;

export function releaseBytes({ files }: Pick<Release, 'files'>): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
