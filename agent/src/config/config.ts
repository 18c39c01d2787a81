/** The configuration file, read once at start into values that need no further checks. */
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { shippedModel } from '@roadwatch/models';
import { Value } from 'typebox/value';
import { parse } from 'yaml';
import { type Identity, readIdentity } from '../identity/identity.ts';
import type { BoxToPair } from '../identity/pair.ts';
import { findProblems } from './problems.ts';
import { type CameraConfig, type Config, ConfigSchema } from './schema.ts';

/** A configuration that cannot be used: one line for each thing to mend. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** All paths absolute, all secrets read, credentials of a camera inside its address, what the pairing says where the file does not. */
export type ResolvedConfig = Omit<Config, 'cameras' | 'model' | 'mqtt' | 'ring'> & {
  /** Null: the box has not been paired. */
  readonly identity: Identity | null;
  readonly model: string;
  readonly mqtt: Config['mqtt'] & { readonly url: string; readonly username: string };
  readonly ring: Config['ring'] & { readonly dir: string };
  readonly cameras: readonly CameraConfig[];
};

/** Throws ConfigError. */
export function readConfig(file: string, env: NodeJS.ProcessEnv = process.env): ResolvedConfig {
  return parseConfig(readText(file), file, env);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** `file` is named in errors, and relative paths are taken from its folder. Throws ConfigError. */
export function parseConfig(
  text: string,
  file: string,
  env: NodeJS.ProcessEnv = process.env,
): ResolvedConfig {
  const problems: string[] = [];
  const resolved = resolveConfig(parseFile(text, file, env), dirname(resolve(file)), problems);
  if (problems.length > 0) throw configError(file, problems);
  return resolved;
}

/** Of a box that need not be paired yet: which one it is, and where it keeps what it is told. Throws ConfigError. */
export function readBoxToPair(file: string, env: NodeJS.ProcessEnv = process.env): BoxToPair {
  const { site, agent, dataDir, gateway } = parseFile(readText(file), file, env);
  const at = (path: string): string => resolve(dirname(resolve(file)), path);
  const { caFile } = gateway;
  return { site, agent, dataDir: at(dataDir), ...(caFile === undefined ? {} : { caFile: at(caFile) }) };
}

function configError(file: string, problems: readonly string[]): ConfigError {
  return new ConfigError(problems.map((problem) => `${file}: ${problem}`).join('\n'));
}

function parseFile(text: string, file: string, env: NodeJS.ProcessEnv): Config {
  let raw: unknown;
  try {
    raw = parse(text);
  } catch (error) {
    throw configError(file, [`not valid YAML: ${(error as Error).message.split('\n')[0]}`]);
  }
  const problems: string[] = [];
  const value = Value.Default(ConfigSchema, expandEnvironment(raw, env, '', problems));
  problems.push(...findProblems(ConfigSchema, value));
  if (problems.length > 0) throw configError(file, problems);
  return value as Config;
}

function resolveConfig(config: Config, folder: string, problems: string[]): ResolvedConfig {
  const at = (path: string): string => resolve(folder, path);
  const secret = (
    field: string,
    holder: { password?: string; passwordFile?: string },
  ): string | undefined => {
    if (holder.passwordFile === undefined) return holder.password;
    if (holder.password !== undefined) problems.push(`${field}.passwordFile: give it or password, not both`);
    return readSecret(`${field}.passwordFile`, at(holder.passwordFile), problems);
  };
  const cameras = (config.cameras as readonly CameraConfig[]).map((camera, index) => {
    const field = `cameras[${index}]`;
    const password = secret(field, camera);
    if (config.cameras.findIndex((other) => other.id === camera.id) !== index) {
      problems.push(`${field}.id: ${JSON.stringify(camera.id)} is used twice; every camera has its own id`);
    }
    const ca =
      camera.caFile === undefined ? undefined : readSecret(`${field}.caFile`, at(camera.caFile), problems);
    return {
      ...camera,
      ...(ca === undefined ? {} : { ca }),
      url: withCredentials(`${field}.url`, camera.url, camera.username, password, problems),
      ...(camera.detectUrl === undefined
        ? {}
        : {
            detectUrl: withCredentials(
              `${field}.detectUrl`,
              camera.detectUrl,
              camera.username,
              password,
              problems,
            ),
          }),
    };
  });
  const identity = identityOf(config, at(config.dataDir), problems);
  const url = config.mqtt.url ?? identity?.brokerUrl;
  if (url === undefined)
    problems.push('mqtt.url: is missing; give it, or pair the box with its gateway (roadwatch-agent pair)');
  const mqttPassword = secret('mqtt', config.mqtt) ?? identity?.password;
  const gatewayUrl = config.gateway.url ?? identity?.gatewayUrl;
  if (config.mqtt.caFile !== undefined && !existsSync(at(config.mqtt.caFile))) {
    problems.push(`mqtt.caFile: ${at(config.mqtt.caFile)} does not exist`);
  }
  if (config.gateway.caFile !== undefined && !existsSync(at(config.gateway.caFile))) {
    problems.push(`gateway.caFile: ${at(config.gateway.caFile)} does not exist`);
  }
  return {
    ...config,
    dataDir: at(config.dataDir),
    identity,
    gateway: {
      ...(gatewayUrl === undefined ? {} : { url: gatewayUrl }),
      ...(config.gateway.caFile === undefined ? {} : { caFile: at(config.gateway.caFile) }),
    },
    model: config.model === undefined ? defaultModel(problems) : modelFolder(at(config.model), problems),
    mqtt: {
      ...config.mqtt,
      url: url ?? '',
      username: config.mqtt.username ?? `${config.site}/${config.agent}`,
      ...(mqttPassword === undefined ? {} : { password: mqttPassword }),
      ...(config.mqtt.caFile === undefined ? {} : { caFile: at(config.mqtt.caFile) }),
    },
    ring: { ...config.ring, dir: at(config.ring.dir ?? `${config.dataDir}/ring`) },
    cameras,
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

function readSecret(field: string, path: string, problems: string[]): string | undefined {
  try {
    accessSync(path, constants.R_OK);
    const text = readFileSync(path, 'utf8').trim();
    if (text === '') problems.push(`${field}: ${path} is empty`);
    return text;
  } catch (error) {
    problems.push(`${field}: ${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
    return undefined;
  }
}

/** Credentials go into the address because that is where ffmpeg takes them; it is shown nowhere. */
function withCredentials(
  field: string,
  address: string,
  username: string | undefined,
  password: string | undefined,
  problems: string[],
): string {
  if (!URL.canParse(address)) {
    problems.push(`${field}: is not a well-formed address`);
    return address;
  }
  if (username === undefined) return address;
  const url = new URL(address);
  url.username = encodeURIComponent(username);
  url.password = password === undefined ? '' : encodeURIComponent(password);
  return url.href;
}

/** Replaces `${NAME}` in every text by the environment's value; a name that is not set is a problem. */
function expandEnvironment(
  value: unknown,
  env: NodeJS.ProcessEnv,
  path: string,
  problems: string[],
): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => {
      const found = env[name];
      if (found === undefined) problems.push(`${path}: the environment variable ${name} is not set`);
      return found ?? '';
    });
  }
  if (Array.isArray(value)) {
    return value.map((entry, index) => expandEnvironment(entry, env, `${path}[${index}]`, problems));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key,
      expandEnvironment(entry, env, path === '' ? key : `${path}.${key}`, problems),
    ]),
  );
}
