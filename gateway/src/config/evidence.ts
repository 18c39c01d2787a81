/** What the configuration says of where pictures and clips are kept. */
import { type ReadFile, Secret, SecretText, secretOf } from '@roadwatch/common';
import { type Static, Type } from 'typebox';

const Path = Type.String({ minLength: 1, maxLength: 4096, description: 'a path' });
const Key = Type.String({ minLength: 1, maxLength: 256 });
const Variable = Type.String({
  pattern: '^[A-Za-z_][A-Za-z0-9_]{0,127}$',
  description: 'the name of an environment variable',
});

const S3Section = Type.Object(
  {
    endpoint: Type.String({
      pattern: '^https?://[^\\s/?#@]+(/[^\\s?#]*)?$',
      maxLength: 2048,
      description: 'the http:// or https:// address of the store, without the bucket',
    }),
    bucket: Type.String({
      pattern: '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$',
      description: 'a name of 3 to 63 small letters, digits, - and .',
    }),
    region: Type.String({ pattern: '^[A-Za-z0-9-]{1,64}$', default: 'us-east-1', description: 'a region' }),
    prefix: Type.String({
      pattern: '^([A-Za-z0-9_-]+/)*$',
      maxLength: 200,
      default: 'evidence/',
      description: 'folders, each with a / at its end',
    }),
    pathStyle: Type.Boolean({ default: true, description: 'true or false' }),
    accessKeyId: Type.Optional(Key),
    accessKeyIdEnv: Type.Optional(Variable),
    secretAccessKey: Type.Optional(SecretText),
    secretAccessKeyFile: Type.Optional(Path),
    secretAccessKeyEnv: Type.Optional(Variable),
  },
  { additionalProperties: false },
);

export const EvidenceSection = Type.Object(
  { dir: Type.Optional(Path), s3: Type.Optional(S3Section) },
  { additionalProperties: false, default: {} },
);

export interface S3 {
  /** Of the bucket, with a / at its end. */
  readonly url: string;
  readonly region: string;
  readonly prefix: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
}

/** `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` are where the tools of such stores look, too. */
export function resolveS3(section: Static<typeof S3Section>, read: ReadFile, problems: string[]): S3 {
  const accessKeyId =
    secretOf('evidence.s3', 'accessKeyId', section, read, problems) ?? process.env.AWS_ACCESS_KEY_ID;
  const secretAccessKey =
    secretOf('evidence.s3', 'secretAccessKey', section, read, problems) ?? process.env.AWS_SECRET_ACCESS_KEY;
  if (!accessKeyId) problems.push('evidence.s3.accessKeyId: is missing');
  if (!secretAccessKey)
    problems.push('evidence.s3.secretAccessKey: is missing; give it, a file or a variable');
  const { region, prefix } = section;
  return {
    url: bucketUrl(section, problems),
    region,
    prefix,
    accessKeyId: accessKeyId ?? '',
    secretAccessKey: new Secret(secretAccessKey ?? ''),
  };
}

function bucketUrl({ endpoint, bucket, pathStyle }: Static<typeof S3Section>, problems: string[]): string {
  if (!URL.canParse(endpoint)) {
    problems.push('evidence.s3.endpoint: is not a well-formed address');
    return endpoint;
  }
  const url = new URL(endpoint);
  if (!pathStyle) url.hostname = `${bucket}.${url.hostname}`;
  url.pathname = `${url.pathname.replace(/\/*$/, '')}/${pathStyle ? `${bucket}/` : ''}`;
  return url.href;
}
