/** The configuration file, read once at start into values that need no further checks. */
import { type KeyObject, X509Certificate } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import {
  addressProblem,
  ConfigError,
  type Credentials,
  checkSettings,
  ed25519KeyOf,
  fileReader,
  parseSettings,
  type ReadFile,
  readSettings,
  Secret,
  SecretUrl,
  splitLogin,
} from '@roadwatch/common';
import { shippedModel } from '@roadwatch/models';
import { type Identity, readIdentity } from '../identity/identity.ts';
import type { BoxToPair } from '../identity/pair.ts';
import { cameraProblems } from './camera-checks.ts';
import { isHostOrRange } from './login-hosts.ts';
import { type MendedSettings, mendedSettings } from './mended.ts';
import { type CameraConfig, type CameraSection, type Config, ConfigSchema } from './schema.ts';

export { ConfigError };

/** All paths absolute, all secrets read, credentials of a camera inside its address, what the pairing says where the file does not. */
export type ResolvedConfig = Omit<Config, 'cameras' | 'logins' | 'model' | 'mqtt' | 'ring' | 'updates'> & {
  /** Null: the box has not been paired. */
  readonly identity: Identity | null;
  readonly model: string;
  readonly mqtt: Omit<Config['mqtt'], keyof Broker | 'fallbackUrls' | 'passwordFile' | keyof ProxySection> &
    Broker & {
      /** With its login. */
      readonly proxy?: SecretUrl;
      /** Tried in their order while the first cannot be reached. */
      readonly fallbackUrls: readonly Broker[];
    };
  readonly ring: Config['ring'] & { readonly dir: string };
  readonly updates: Omit<Config['updates'], 'keyFiles'> & {
    /** Whose releases are taken. */
    readonly keys: readonly KeyObject[];
  };
  readonly cameras: readonly CameraConfig[];
  readonly logins: readonly CameraLogin[];
  /** Of the cameras that are left out, a sentence each. */
  readonly cameraProblems: readonly string[];
};

/** An address, and the login that is shown there. */
export interface Broker {
  readonly url: SecretUrl;
  readonly username: string;
  readonly password?: Secret;
}

type ProxySection = Pick<Config['mqtt'], 'proxy' | 'proxyUsername' | 'proxyPassword' | 'proxyPasswordFile'>;

/** For cameras that are added from the console, by its name. */
export interface CameraLogin extends Credentials {
  readonly name: string;
  /** Hosts, and ranges of addresses, to which it may be sent. */
  readonly hosts: readonly string[];
}

/** Throws ConfigError. */
export function readConfig(file: string, env: NodeJS.ProcessEnv = process.env): ResolvedConfig {
  return parseConfig(readSettings(file), file, env);
}

/** `file` is named in errors, and relative paths are taken from its folder. Throws ConfigError. */
export function parseConfig(
  text: string,
  file: string,
  env: NodeJS.ProcessEnv = process.env,
): ResolvedConfig {
  return parse(text, file, env, true);
}

/**
 * Of a box that is about to be paired: its broker and login are still to come, and what an earlier pairing has left is about to go.
 * Throws ConfigError, also for what is wrong with single cameras.
 */
export function checkConfigToPair(text: string, file: string): void {
  const { cameraProblems: problems } = parse(text, file, process.env, false);
  if (problems.length > 0) throw new ConfigError(file, problems);
}

function parse(text: string, file: string, env: NodeJS.ProcessEnv, isPaired: boolean): ResolvedConfig {
  const { value, problems, located } = checkSettings(ConfigSchema, text, file, { env });
  const mended = mendedSettings(value, problems, isPaired);
  if (mended === null) throw new ConfigError(file, problems);
  const more: string[] = [];
  const resolved = resolveConfig(mended, dirname(resolve(file)), more);
  const all = [...problems, ...more.filter((problem) => !mended.isMended(problem)).map(located)];
  const wrong = ofCameras(all);
  const cameras = resolved.cameras.filter((_, index) => !wrong.has(mended.places[index] as number));
  if ([...wrong.values()].flat().length < all.length || cameras.length === 0)
    throw new ConfigError(file, all);
  return { ...resolved, cameras, cameraProblems: all };
}

/** The problems of single cameras, by their place in the list; each of the others keeps the agent from starting. */
function ofCameras(problems: readonly string[]): ReadonlyMap<number, readonly string[]> {
  const found = new Map<number, string[]>();
  for (const problem of problems) {
    const index = /^cameras\[(\d+)\]/.exec(problem)?.[1];
    if (index !== undefined) found.set(Number(index), [...(found.get(Number(index)) ?? []), problem]);
  }
  return found;
}

/** Of a box that need not be paired yet: which one it is, and where it keeps what it is told. Throws ConfigError. */
export function readBoxToPair(file: string, env: NodeJS.ProcessEnv = process.env): BoxToPair {
  const { site, agent, dataDir, gateway } = parseSettings(ConfigSchema, readSettings(file), file, { env });
  const at = (path: string): string => resolve(dirname(resolve(file)), path);
  const { caFile } = gateway;
  return { site, agent, dataDir: at(dataDir), ...(caFile === undefined ? {} : { caFile: at(caFile) }) };
}

/** Where a box keeps its data, also when the rest of the file cannot be used any more. Throws ConfigError when the file does not say. */
export function readDataDir(file: string): string {
  const { value, problems } = checkSettings(ConfigSchema, readSettings(file), file);
  const { dataDir } = value as { readonly dataDir?: unknown };
  if (typeof dataDir !== 'string') throw new ConfigError(file, problems);
  return resolve(dirname(resolve(file)), dataDir);
}

function resolveConfig(
  { config, places, readsPairing }: MendedSettings,
  folder: string,
  problems: string[],
): ResolvedConfig {
  const at = (path: string): string => resolve(folder, path);
  const read = fileReader(folder, problems);
  const secret = (
    field: string,
    holder: { password?: string; passwordFile?: string },
  ): Secret | undefined => {
    const { password, passwordFile } = holder;
    if (password !== undefined && passwordFile !== undefined)
      problems.push(`${field}.passwordFile: give it or password, not both`);
    const text = password ?? read(`${field}.passwordFile`, passwordFile);
    return text === undefined ? undefined : new Secret(text);
  };
  const cameras = config.cameras.map((section, index) => {
    const { url, detectUrl, username, password, passwordFile, caFile, ...camera } = section as CameraSection;
    const field = `cameras[${places[index]}]`;
    problems.push(...cameraProblems(camera).map((problem) => `${field}.${problem}`));
    if (config.cameras.findIndex((other) => other.id === camera.id) !== index) {
      problems.push(`${field}.id: ${JSON.stringify(camera.id)} is used twice; every camera has its own id`);
    }
    const login = { username, password: secret(field, { password, passwordFile } as typeof section) };
    const address = (key: string, text: string) => withCredentials(`${field}.${key}`, text, login, problems);
    const ca = certificatesOf(`${field}.caFile`, caFile, read, problems);
    return {
      ...camera,
      ...(ca === undefined ? {} : { ca }),
      url: address('url', url),
      ...(detectUrl === 'auto'
        ? { findsDetectUrl: true as const }
        : detectUrl === undefined
          ? {}
          : { detectUrl: address('detectUrl', detectUrl) }),
    };
  });
  const logins = config.logins.map(({ name, username, password, passwordFile, hosts }, index) => {
    const field = `logins[${index}]`;
    if (config.logins.findIndex((other) => other.name === name) !== index)
      problems.push(`${field}.name: ${JSON.stringify(name)} is used twice; every login has its own name`);
    hosts.forEach((host, at) => {
      if (!isHostOrRange(host))
        problems.push(
          `${field}.hosts[${at}]: ${JSON.stringify(host)} is no range; expected one such as 10.0.0.0/24`,
        );
    });
    const given = secret(field, {
      ...(password === undefined ? {} : { password }),
      ...(passwordFile === undefined ? {} : { passwordFile }),
    });
    return { name, username, password: given ?? new Secret(''), hosts };
  });
  const dataDir = at(config.dataDir);
  const identity = readsPairing ? identityOf(config, dataDir, problems) : null;
  const mqtt = brokersOf(config, secret('mqtt', config.mqtt), identity, problems);
  const gatewayUrl = config.gateway.url ?? identity?.gatewayUrl;
  const proxy = proxyOf(config.mqtt, read, problems);
  if (proxy !== null)
    for (const [field, { url }] of [
      ['mqtt.url', mqtt] as const,
      ...mqtt.fallbackUrls.map((broker, at) => [`mqtt.fallbackUrls[${at}]`, broker] as const),
    ])
      if (!/^wss?:/.test(url.reveal()))
        problems.push(`${field}: cannot go through mqtt.proxy; give a ws:// or wss:// address`);
  certificatesOf('mqtt.caFile', config.mqtt.caFile, read, problems);
  certificatesOf('gateway.caFile', config.gateway.caFile, read, problems);
  const ringDir = at(config.ring.dir ?? `${config.dataDir}/ring`);
  for (const [field, path] of [
    ['dataDir', dataDir],
    ['ring.dir', ringDir],
  ] as const)
    if (NOT_OURS.includes(path) || path === homedir())
      problems.push(`${field}: ${path} belongs to the system; expected a folder of the agent's own`);
  return {
    ...config,
    dataDir,
    identity,
    gateway: {
      ...(gatewayUrl === undefined ? {} : { url: gatewayUrl }),
      ...(config.gateway.caFile === undefined ? {} : { caFile: at(config.gateway.caFile) }),
    },
    model: config.model === undefined ? defaultModel(problems) : modelFolder(at(config.model), problems),
    mqtt: {
      ackTimeoutSeconds: config.mqtt.ackTimeoutSeconds,
      ...(config.mqtt.maxPacketBytes === undefined ? {} : { maxPacketBytes: config.mqtt.maxPacketBytes }),
      ...mqtt,
      ...(proxy === null ? {} : { proxy }),
      ...(config.mqtt.caFile === undefined ? {} : { caFile: at(config.mqtt.caFile) }),
    },
    ring: { ...config.ring, dir: ringDir },
    updates: updateRules(config.updates, read, problems),
    cameras,
    logins,
    cameraProblems: [],
  };
}

/** Of the box that the file is for; a folder that was copied from another box is told. */
function identityOf({ site, agent }: Config, dataDir: string, problems: string[]): Identity | null {
  try {
    const identity = readIdentity(dataDir);
    if (identity === null || (identity.site === site && identity.agent === agent)) return identity;
    problems.push(`agent: this box was paired as ${identity.site}/${identity.agent}; pair it again`);
  } catch (error) {
    problems.push(`dataDir: ${(error as Error).message}`);
  }
  return null;
}

const NOT_OURS = [
  '/',
  '/bin',
  '/boot',
  '/dev',
  '/dev/shm',
  '/etc',
  '/home',
  '/lib',
  '/media',
  '/mnt',
  '/opt',
].concat(['/proc', '/root', '/run', '/sbin', '/srv', '/sys', '/tmp', '/usr', '/var']);

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function updateRules(
  { keyFiles, ...rules }: Config['updates'],
  read: ReadFile,
  problems: string[],
): ResolvedConfig['updates'] {
  return {
    ...rules,
    keys: keyFiles.flatMap((path, at) => ed25519KeyOf(`updates.keyFiles[${at}]`, path, read, problems)),
  };
}

/** The text of a file that holds certificates; undefined, and a problem noted, when it holds none. */
function certificatesOf(
  field: string,
  path: string | undefined,
  read: ReadFile,
  problems: string[],
): string | undefined {
  const text = read(field, path);
  if (path === undefined || text === undefined || text === '') return undefined;
  const blocks = text.match(CERTIFICATE) ?? [];
  if (blocks.length > 0 && blocks.every(isCertificate)) return text;
  problems.push(`${field}: ${path} holds no certificate (PEM) that can be read`);
  return undefined;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== null;
  } catch {
    return false;
  }
}

function defaultModel(problems: string[]): string {
  try {
    return shippedModel();
  } catch (error) {
    problems.push(`model: ${(error as Error).message}; name a model folder`);
    return '';
  }
}

function modelFolder(path: string, problems: string[]): string {
  if (!existsSync(path) || !statSync(path).isDirectory()) {
    problems.push(`model: ${path} is not a folder; expected one that holds manifest.json`);
  }
  return path;
}

const KEYS = 'give user name and password with the keys username and password (or passwordFile)';

interface GivenLogin {
  readonly username: string | undefined;
  readonly password: Secret | undefined;
}

/** A login that is part of the address; it is shown nowhere. `key`: what the user name is called in the settings. */
function withCredentials(
  field: string,
  address: string,
  { username, password }: GivenLogin,
  problems: string[],
  key = 'username',
): SecretUrl {
  const wrong = addressProblem(address, KEYS);
  if (wrong !== null) {
    problems.push(`${field}: ${wrong}`);
    return new SecretUrl(address);
  }
  if (username === undefined) {
    if (password !== undefined) problems.push(`${field}: there is a password, but no ${key}`);
    return new SecretUrl(address);
  }
  const url = new URL(address);
  if (url.username !== '') problems.push(`${field}: holds a user name, and so does ${key}; give one`);
  url.username = encodeURIComponent(username);
  url.password = password === undefined ? '' : encodeURIComponent(password.reveal());
  return new SecretUrl(url.href);
}

/** The login is part of its address; null: there is none. */
function proxyOf(
  { proxy, proxyUsername: username, proxyPassword, proxyPasswordFile }: ProxySection,
  read: ReadFile,
  problems: string[],
): SecretUrl | null {
  if (proxyPassword !== undefined && proxyPasswordFile !== undefined)
    problems.push('mqtt.proxyPasswordFile: give it or proxyPassword, not both');
  const text = proxyPassword ?? read('mqtt.proxyPasswordFile', proxyPasswordFile);
  if (proxy !== undefined) {
    const password = text === undefined ? undefined : new Secret(text);
    return withCredentials('mqtt.proxy', proxy, { username, password }, problems, 'proxyUsername');
  }
  if (username !== undefined || text !== undefined)
    problems.push('mqtt.proxy: is missing; there is a login for it');
  return null;
}

/** The login may stand in a broker's address, too; what the configuration does not say, the pairing does. */
function brokersOf(
  { site, agent, mqtt }: Config,
  password: Secret | undefined,
  identity: Identity | null,
  problems: string[],
): Broker & { readonly fallbackUrls: readonly Broker[] } {
  const { username } = mqtt;
  const paired = identity?.password === undefined ? undefined : new Secret(identity.password);
  const known = password ?? paired;
  const keys = {
    username: username ?? `${site}/${agent}`,
    ...(known === undefined ? {} : { password: known }),
  };
  const broker = (field: string, address: string): Broker => {
    const wrong = addressProblem(address, KEYS);
    if (wrong !== null) {
      problems.push(`${field}: ${wrong}`);
      return { url: new SecretUrl(address), ...keys };
    }
    const { url, login } = splitLogin(address);
    if (login !== null && (username !== undefined || password !== undefined))
      problems.push(`${field}: holds a user name, and so do username or password; give one`);
    return { url: new SecretUrl(url), ...keys, ...login };
  };
  const address = mqtt.url ?? identity?.brokerUrl;
  if (address === undefined)
    problems.push('mqtt.url: is missing; give it, or pair the box with its gateway (roadwatch-agent pair)');
  return {
    ...(address === undefined ? { url: new SecretUrl(''), ...keys } : broker('mqtt.url', address)),
    fallbackUrls: mqtt.fallbackUrls.map((url, at) => broker(`mqtt.fallbackUrls[${at}]`, url)),
  };
}
