/** Releases as their makers make them: test models in a folder, signed by OpenSSL, which knows nothing of Roadwatch. */
import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReleaseKind } from '@roadwatch/contract';
import { releaseText } from '../../../gateway/src/fleet/check-upload.ts';
import { writeTestModel } from '../../support/model.ts';
import { temporaryFolder } from '../../support/temp.ts';

/** One pothole in any bright picture: where it is, and how sure the model is. */
export type Answer = readonly [x1: number, y1: number, x2: number, y2: number, score: number];

export const POTHOLE: Answer = [32, 16, 44, 24, 1];

export interface SigningKey {
  readonly privateFile: string;
  readonly publicFile: string;
}

/** Made by OpenSSL. */
export async function signingKey(): Promise<SigningKey> {
  const folder = await temporaryFolder();
  const [privateFile, publicFile] = [join(folder, 'key.pem'), join(folder, 'public.pem')];
  execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', privateFile]);
  execFileSync('openssl', ['pkey', '-in', privateFile, '-pubout', '-out', publicFile]);
  return { privateFile, publicFile };
}

interface ModelOptions {
  readonly version: string;
  readonly answer?: Answer;
  /** Of a further file, so that it takes a while to fetch. */
  readonly ballast?: number;
  /** Of the model's boxes: with some, it finds many things at once. */
  readonly boxes?: readonly Answer[];
  readonly change?: (manifest: Record<string, unknown>) => void;
}

/** A folder with a model of 64x32, as `test-model-VERSION`. */
export async function modelFolder({ version, answer = POTHOLE, ballast = 0, boxes, change }: ModelOptions) {
  const all = boxes ?? [answer];
  const folder = await writeTestModel({
    kind: 'boxes',
    outputShape: [1, all.length, 6],
    answer: all.flatMap((box) => [...box, 0]),
    change: (manifest) => {
      manifest.version = version;
      change?.(manifest);
    },
  });
  await writeFile(
    join(folder, 'MODEL_CARD.md'),
    `# Test model ${version}\n\nFinds a pothole in any bright picture.\n`,
  );
  if (ballast > 0) await writeFile(join(folder, 'ballast.bin'), Buffer.alloc(ballast, version));
  return folder;
}

/** Adds release.json and release.sig, the latter by `openssl pkeyutl`. */
export async function sign(
  folder: string,
  { privateFile }: SigningKey,
  version: string,
  [kind, name]: readonly [kind: ReleaseKind, name: string] = ['model', 'test-model'],
): Promise<string> {
  const files = [...(await filesOf(folder))].filter(([file]) => !file.startsWith('release.'));
  const text = releaseText(kind, name, version, new Map(files));
  const file = join(folder, 'release.json');
  await writeFile(file, text);
  const out = join(folder, 'release.sig');
  execFileSync('openssl', ['pkeyutl', '-sign', '-rawin', '-inkey', privateFile, '-in', file, '-out', out]);
  return folder;
}

/** Packages of the agent for two kinds of machine; what is in them is for the updater to judge. */
export async function signedPackages(key: SigningKey, version: string): Promise<string> {
  const folder = await temporaryFolder();
  for (const machine of ['amd64', 'arm64'])
    await writeFile(join(folder, `roadwatch-agent_${version}_${machine}.deb`), `the package for ${machine}`);
  return sign(folder, key, version, ['agent', 'roadwatch-agent']);
}

export async function signedModel(key: SigningKey, options: ModelOptions): Promise<string> {
  return sign(await modelFolder(options), key, options.version);
}

export async function filesOf(folder: string): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const name of await readdir(folder)) files.set(name, await readFile(join(folder, name)));
  return files;
}

/** As the console sends it. */
export async function formOf(folder: string): Promise<FormData> {
  const form = new FormData();
  for (const [name, bytes] of await filesOf(folder))
    form.append('file', new Blob([Buffer.from(bytes)]), name);
  return form;
}

export async function copyOf(folder: string): Promise<string> {
  const copy = await temporaryFolder();
  await mkdir(copy, { recursive: true });
  for (const name of await readdir(folder)) await copyFile(join(folder, name), join(copy, name));
  return copy;
}
