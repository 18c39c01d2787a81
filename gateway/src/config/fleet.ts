/** What may be handed out to boxes. */
import type { KeyObject } from 'node:crypto';
import { ed25519KeyOf, type ReadFile } from '@roadwatch/common';
import { type Static, Type } from 'typebox';

const Path = Type.String({ minLength: 1, maxLength: 4096, description: 'a path' });

export const FleetSection = Type.Object(
  {
    keyFiles: Type.Array(Path, { maxItems: 8, default: [] }),
    allowUnsigned: Type.Boolean({ default: false, description: 'true or false' }),
    maxMegabytes: Type.Integer({ minimum: 1, maximum: 1000, default: 64 }),
  },
  { additionalProperties: false, default: {} },
);

export type FleetConfig = Omit<Static<typeof FleetSection>, 'keyFiles'> & {
  readonly keys: readonly KeyObject[];
};

export function resolveFleet(
  { keyFiles, ...rest }: Static<typeof FleetSection>,
  read: ReadFile,
  problems: string[],
): FleetConfig {
  return {
    ...rest,
    keys: keyFiles.flatMap((path, at) => ed25519KeyOf(`fleet.keyFiles[${at}]`, path, read, problems)),
  };
}
