/** What the agent on this box says of itself on loopback, where it runs. */

import { checkSettings, readSettings } from '@roadwatch/common';
import type { AgentStatus, CameraState } from '@roadwatch/contract';
import type { ResolvedConfig } from '../config/config.ts';
import { ConfigSchema } from '../config/schema.ts';
import type { LevelNow } from '../control/log-level.ts';
import type { InferenceFigures } from '../detect/detector.ts';

export interface RunningAgent {
  readonly status: 'ok' | 'degraded';
  readonly site: string;
  readonly agent: string;
  readonly version: string;
  /** Left out by older agents. */
  readonly log?: LevelNow;
  readonly brokerConnected: boolean;
  /** That is connected, or tried; left out by versions before. */
  readonly broker?: string;
  readonly outboxDepth: number;
  /** These three, too, are left out by older agents. */
  readonly uplink?: AgentStatus['uplink'];
  readonly machine?: AgentStatus['machine'];
  readonly inference?: InferenceFigures;
  readonly troubles: readonly { readonly code: string; readonly detail: string }[];
  readonly cameras: readonly CameraState[];
}

/** Where it is asked, also when the rest of the file cannot be used any more. Throws ConfigError when it is no YAML. */
export function healthOf(file: string): ResolvedConfig['health'] {
  const { value } = checkSettings(ConfigSchema, readSettings(file), file);
  const { host, port } = (value as { health?: { host?: unknown; port?: unknown } }).health ?? {};
  return {
    host: typeof host === 'string' ? host : '127.0.0.1',
    port: typeof port === 'number' ? port : DEFAULT_PORT,
  };
}

const DEFAULT_PORT = 9464;
const ANSWER_MS = 5_000;
const MAX_BYTES = 4 * 2 ** 20;

/** Null: nobody answers there, or it is no agent. */
export async function askRunning(health: ResolvedConfig['health']): Promise<RunningAgent | null> {
  const text = await readHealth(health, '/status');
  try {
    const value = JSON.parse(text ?? 'null') as RunningAgent | null;
    return Array.isArray(value?.cameras) ? value : null;
  } catch {
    return null;
  }
}

/** In the text format of Prometheus; null where nobody answers. */
export function askMetrics(health: ResolvedConfig['health']): Promise<string | null> {
  return readHealth(health, '/metrics');
}

/** Null where nobody answers, or longer than anything that it says. */
async function readHealth({ host, port }: ResolvedConfig['health'], path: string): Promise<string | null> {
  if (port === 0) return null;
  try {
    const address = host.includes(':') ? `[${host}]` : host;
    const response = await fetch(`http://${address}:${port}${path}`, {
      signal: AbortSignal.timeout(ANSWER_MS),
      redirect: 'error',
    });
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      if (text.length > MAX_BYTES) return null;
    }
    return text;
  } catch {
    return null;
  }
}
