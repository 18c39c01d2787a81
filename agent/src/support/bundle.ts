/**
 * `roadwatch-agent support-bundle`: one archive with what somebody elsewhere needs to help, and no secret: settings by their schema
 * alone, and every text without the secrets of this box that can be known, and without what looks like one.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  createReadStream,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { arch, freemem, loadavg, release, tmpdir, totalmem, uptime } from 'node:os';
import { join } from 'node:path';
import { addAbortSignal, type Readable } from 'node:stream';
import {
  ConfigError,
  checkSettings,
  parseYaml,
  readSettings,
  redactText,
  type Secret,
  shownSettings,
  yamlText,
} from '@roadwatch/common';
import { ConfigSchema } from '../config/schema.ts';
import { examine, examinedText } from '../doctor/doctor.ts';
import { askMetrics, askRunning, healthOf } from '../doctor/running-agent.ts';
import { ffmpegVersion } from '../ffmpeg/probe.ts';
import { SaidError } from '../language.ts';
import { VERSION } from '../version.ts';
import { knownSecrets, serviceEnvironment } from './known-secrets.ts';

export interface BundleOptions {
  readonly config: string;
  /** The file to make. */
  readonly to: string;
  /** A log of the agent, `-` for standard input; left out, the journal is asked. */
  readonly log?: string | undefined;
}

interface Part {
  readonly name: string;
  readonly text: string;
}

const UNIT = 'roadwatch-agent';
const JOURNAL_LINES = 5_000;
const JOURNAL_MS = 20_000;
/** Of each file in it; of a log the end. */
const MAX_BYTES = 2 * 2 ** 20;
const FOLDER = 'roadwatch-support';

/** In place of a log of which there is nothing, so that nobody takes it for a quiet one. */
const NO_LOG = `(Empty: nothing was given, there is no journal here, or it may not be read.)
（空：未提供日志，本机没有系统日志，或无权读取。）
`;

/** Throws a sentence where the file cannot be made; what cannot be had is told in the archive. */
export async function makeBundle(
  { config, to, log }: BundleOptions,
  signal: AbortSignal,
): Promise<{ readonly isLogEmpty: boolean }> {
  const given = serviceEnvironment(config);
  const env = { ...given, ...process.env };
  const settings = settingsOf(config, env);
  const known = knownSecrets(config, settings.value, env, given);
  const said = log === undefined ? await journal(signal) : await readLog(log, signal);
  const isLogEmpty = said.trim() === '';
  const parts: readonly Part[] = [
    { name: 'versions.json', text: JSON.stringify(await versions(), null, 2) },
    { name: 'agent.yaml', text: settings.shown },
    { name: 'agent.yaml.problems', text: settings.problems },
    { name: 'doctor.txt', text: await findings(config, env, signal) },
    ...(await running(config)),
    { name: 'log.txt', text: isLogEmpty ? NO_LOG : said },
  ];
  signal.throwIfAborted();
  const staging = mkdtempSync(join(tmpdir(), 'roadwatch-support-'));
  try {
    mkdirSync(join(staging, FOLDER), { mode: 0o700 });
    for (const { name, text } of parts)
      writeFileSync(join(staging, FOLDER, name), shownText(text, known), { mode: 0o600 });
    await pack(staging, to);
    return { isLogEmpty };
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function shownText(text: string, known: readonly Secret[]): string {
  return lastLines(redactText(lastLines(text), known));
}

/** From the beginning of a line on, so that no secret is cut in two and then not known for one. */
function lastLines(text: string): string {
  if (Buffer.byteLength(text) <= MAX_BYTES) return text;
  const tail = Buffer.from(text).subarray(-MAX_BYTES).toString('utf8');
  return tail.slice(tail.indexOf('\n') + 1);
}

function settingsOf(file: string, env: NodeJS.ProcessEnv) {
  try {
    const text = readSettings(file);
    const { value, problems } = checkSettings(ConfigSchema, text, file, { env });
    const shown = yamlText(
      shownSettings(ConfigSchema, parseYaml(text).value),
      ' Without secrets and comments.',
    );
    return { value, shown, problems: problems.join('\n') };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // Of a file that is no YAML nobody can tell what is a secret.
    return { value: {}, shown: '', problems: error.message };
  }
}

async function versions(): Promise<object> {
  return {
    agent: VERSION,
    node: process.version,
    ffmpeg: await ffmpegVersion(),
    system: textOf('/etc/os-release').split('\n')[0],
    kernel: `${release()} ${arch()}`,
    uptimeSeconds: Math.round(uptime()),
    load: loadavg(),
    memoryBytes: { total: totalmem(), free: freemem() },
    madeAt: new Date().toISOString(),
  };
}

async function findings(config: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<string> {
  const found = await examine(config, signal, env);
  return `${examinedText(found, 'en')}\n${examinedText(found, 'zh')}`;
}

/** What the agent says of itself, where it runs. */
async function running(config: string): Promise<readonly Part[]> {
  let health: ReturnType<typeof healthOf>;
  try {
    health = healthOf(config);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [];
  }
  const status = await askRunning(health);
  if (status === null) return [{ name: 'status.json', text: 'null' }];
  return [
    { name: 'status.json', text: JSON.stringify(status, null, 2) },
    { name: 'metrics.txt', text: (await askMetrics(health)) ?? '' },
  ];
}

async function readLog(log: string, signal: AbortSignal): Promise<string> {
  try {
    if (log === '-') return await endOf(addAbortSignal(signal, process.stdin));
    const start = Math.max(0, statSync(log).size - 2 * MAX_BYTES);
    return await endOf(createReadStream(log, { start, signal }));
  } catch (error) {
    signal.throwIfAborted();
    const { code } = error as NodeJS.ErrnoException;
    throw new SaidError({
      en: `--log ${log}: cannot be read (${code})`,
      zh: `--log ${log}：无法读取（${code}）`,
    });
  }
}

/** Empty where there is no journal, or none that may be read. */
async function journal(signal: AbortSignal): Promise<string> {
  const child = spawn(
    'journalctl',
    ['--unit', UNIT, '--lines', String(JOURNAL_LINES), '--output', 'cat', '--no-pager'],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
      signal: AbortSignal.any([signal, AbortSignal.timeout(JOURNAL_MS)]),
    },
  );
  try {
    const [text] = await Promise.all([endOf(child.stdout), once(child, 'close')]);
    return text;
  } catch {
    return '';
  }
}

async function endOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    while (bytes - (chunks[0]?.length ?? bytes) > MAX_BYTES) bytes -= chunks.shift()?.length ?? 0;
  }
  return lastLines(Buffer.concat(chunks).toString('utf8'));
}

/** By the system's own tar, for its user alone, and over no other file. */
async function pack(staging: string, to: string): Promise<void> {
  let file: number;
  try {
    file = openSync(to, 'wx', 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SaidError({
      en: `${to}: cannot be made (${code}); give another --to`,
      zh: `${to}：无法创建（${code}）；请用 --to 指定其他文件`,
    });
  }
  try {
    const tar = spawn('tar', ['--create', '--gzip', `--directory=${staging}`, FOLDER], {
      stdio: ['ignore', file, 'ignore'],
    });
    const [code] = await once(tar, 'close');
    if (code !== 0) throw new Error(`tar ended with ${code}`);
  } catch (error) {
    rmSync(to, { force: true });
    throw new SaidError({
      en: `${to}: could not be packed: ${(error as Error).message}`,
      zh: `${to}：打包失败：${(error as Error).message}`,
    });
  } finally {
    closeSync(file);
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
