/** Models and agent packages for boxes: keys, signatures, and what is handed out. */
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  keyIdOf,
  parseRelease,
  RELEASE_FILE,
  RELEASE_KINDS,
  type ReleaseKind,
  SIGNATURE_FILE,
  signRelease,
} from '@roadwatch/contract';
import { parseManifest } from '@roadwatch/models';
import { type Command, Option } from 'commander';
import { openEvidence } from '../evidence/open.ts';
import { checkUpload, refusePrivateKeys, releaseText, type UploadedFiles } from '../fleet/check-upload.ts';
import { keepRelease } from '../fleet/releases.ts';
import { replaceFile } from '../pki/pem-file.ts';
import { CLI, withStore } from './shared.ts';

interface SignOptions {
  readonly key: string;
  readonly kind: ReleaseKind;
  readonly name?: string;
  readonly releaseVersion?: string;
}

export function addModels(program: Command): void {
  const models = program.command('models').description('models and agent packages that boxes are given');
  models
    .command('keygen')
    .description('make a key to sign releases with (Ed25519); prints what boxes and gateways are to trust')
    .requiredOption('--key <file>', 'where the private key goes; keep it away from gateways and boxes')
    .action(({ key }: { key: string }) => {
      process.stdout.write(makeKey(key));
    });
  models
    .command('sign <folder>')
    .description(
      `write ${RELEASE_FILE} and ${SIGNATURE_FILE} into a folder that holds a model, or packages of the agent`,
    )
    .requiredOption('--key <file>', 'the private key')
    .addOption(new Option('--kind <kind>', 'what it is').choices(RELEASE_KINDS).default('model'))
    .option('--name <name>', 'what it is called; of a model, manifest.json says it')
    .option('--release-version <version>', 'its version; of a model, manifest.json says it')
    .action((folder: string, options: SignOptions) => console.log(signFolder(folder, options)));
  models
    .command('add <folder>')
    .description('keep a signed release, as the console does when it is uploaded')
    .requiredOption('--config <file>', 'the configuration of the gateway')
    .action((folder: string, { config }: { config: string }) =>
      withStore(config, async (store, settings) => {
        const checked = checkUpload(filesIn(folder), settings.fleet);
        const id = await keepRelease({ store, evidence: openEvidence(settings) }, checked, CLI);
        console.log(`${checked.release.name} ${checked.release.version} is kept as ${id}`);
      }),
    );
}

/** The public key, PEM. Throws when there is such a file. */
function makeKey(file: string): string {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  return publicKey.export({ type: 'spki', format: 'pem' }) as string;
}

/** What was signed, in a line. */
function signFolder(folder: string, options: SignOptions): string {
  const files = new Map([...filesIn(folder)].filter(([name]) => !isOurs(name)));
  refusePrivateKeys(files);
  const { kind } = options;
  const { name, version } = kind === 'model' ? modelIn(files, folder) : named(options);
  const text = releaseText(kind, name, version, files);
  const release = parseRelease(text);
  const privateKey = createPrivateKey(readFileSync(options.key, 'utf8'));
  const publicKey = createPublicKey(privateKey);
  const signature = signRelease(text, privateKey, publicKey);
  replaceFile(join(folder, RELEASE_FILE), text, 0o644);
  writeFileSync(join(folder, SIGNATURE_FILE), Buffer.from(signature.value, 'base64url'));
  return `${release.name} ${release.version}: ${release.files.length} files, signed with ${keyIdOf(publicKey)}`;
}

function modelIn(files: UploadedFiles, folder: string): { readonly name: string; readonly version: string } {
  const path = join(folder, 'manifest.json');
  const manifest = files.get('manifest.json');
  if (manifest === undefined)
    throw new Error(`${path}: is missing; --kind agent is for packages of the agent`);
  return parseManifest(Buffer.from(manifest).toString('utf8'), path);
}

function named({ name, releaseVersion }: SignOptions): { readonly name: string; readonly version: string } {
  if (name === undefined || releaseVersion === undefined)
    throw new Error('--name and --release-version: are needed for packages of the agent');
  return { name, version: releaseVersion };
}

function filesIn(folder: string): UploadedFiles {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new Error(`${folder}: is no folder`);
  const names = readdirSync(folder).filter((name) => statSync(join(folder, name)).isFile());
  return new Map(names.map((name) => [basename(name), readFileSync(join(folder, name))]));
}

function isOurs(name: string): boolean {
  return name === RELEASE_FILE || name === SIGNATURE_FILE;
}
