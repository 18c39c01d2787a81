/** Every secret of this box that can be known, so that none is in what leaves it, whatever another program has written. */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Secret, secretFields, splitLogin } from '@roadwatch/common';
import { ConfigSchema } from '../config/schema.ts';
import { readIdentity } from '../identity/identity.ts';

/** Names of variables whose values open something. */
const SECRET_NAME = /pass|pwd|secret|token|key|cred|auth/i;

/** What the service manager gives to the agent (`EnvironmentFile` of its unit) beside the configuration; empty where there is none. */
export function serviceEnvironment(config: string): Readonly<Record<string, string>> {
  const text = textOf(join(dirname(resolve(config)), 'agent.env'));
  return Object.fromEntries(
    text.split(/\r?\n/).flatMap((line) => {
      const [, name, value] = /^\s*([A-Za-z_]\w*)=(.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value.replace(/^(["'])(.*)\1$/, '$2')]];
    }),
  );
}

/** `settings`: of the configuration, with variables replaced; they need not fit the schema. */
export function knownSecrets(
  config: string,
  settings: unknown,
  env: NodeJS.ProcessEnv,
  given: Readonly<Record<string, string>>,
): readonly Secret[] {
  const found = new Set<string>(Object.values(given));
  for (const [name, value] of Object.entries(env)) if (SECRET_NAME.test(name) && value) found.add(value);
  for (const { path, kind } of secretFields(ConfigSchema, settings)) {
    const value = valueAt(settings, path);
    if (kind === 'secret') found.add(String(value));
    else if (typeof value === 'string') for (const part of partsOf(value)) found.add(part);
  }
  for (const file of passwordFiles(settings))
    found.add(textOf(resolve(dirname(resolve(config)), file)).trim());
  found.add(pairedPassword(config, settings));
  found.delete('');
  // As they stand in a line of JSON, too.
  return [...found].flatMap((text) => [new Secret(text), new Secret(JSON.stringify(text).slice(1, -1))]);
}

/** What may open something in an address: its password, and what is in its query. */
function partsOf(address: string): readonly string[] {
  const url = URL.parse(address);
  if (url === null) return [];
  try {
    const password = splitLogin(address).login?.password.reveal() ?? '';
    return [password, ...url.searchParams.values()];
  } catch {
    return [url.password];
  }
}

function passwordFiles(settings: unknown): readonly string[] {
  const { mqtt, ...lists } = settings as Readonly<Record<string, unknown>>;
  const holders = [mqtt, lists.cameras, lists.logins].flat();
  return holders.flatMap((holder) => {
    const { passwordFile, proxyPasswordFile } = (holder ?? {}) as Readonly<Record<string, unknown>>;
    return [passwordFile, proxyPasswordFile].filter((file) => typeof file === 'string');
  });
}

function pairedPassword(config: string, settings: unknown): string {
  const { dataDir } = settings as { readonly dataDir?: unknown };
  if (typeof dataDir !== 'string') return '';
  try {
    return readIdentity(resolve(dirname(resolve(config)), dataDir))?.password ?? '';
  } catch {
    return '';
  }
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((at, part) => (at as Record<string | number, unknown>)[part], value);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
