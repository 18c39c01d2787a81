/** An agent's line to its gateway without the cameras: what is put into the outbox goes out as it would on a box. */

import { agentTopics, newId, sha256 } from '@roadwatch/contract';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { ResolvedConfig } from '../../../agent/src/config/config.ts';
import { parseConfig } from '../../../agent/src/config/config.ts';
import { AgentStore } from '../../../agent/src/store/store.ts';
import { Uplink } from '../../../agent/src/uplink/mqtt.ts';
import { type MessageKind, Outbox, type OutboxOptions } from '../../../agent/src/uplink/outbox.ts';
import type { Range } from '../../../agent/src/uplink/ranges.ts';
import { testDayBudget } from '../../../agent/testing/day-budget.ts';
import { sampleDetection } from '../../../gateway/testing/agent.ts';
import { sampleStatus } from '../../../gateway/testing/status.ts';
import { temporaryFolder } from '../../support/temp.ts';
import type { LogLine } from './agent-box.ts';

const NAME = { site: 'site', agent: 'box' };
const topics = agentTopics(NAME.site, NAME.agent);

export interface UplinkRig {
  readonly folder: string;
  readonly uplink: Uplink;
  readonly outbox: Outbox;
  readonly lines: readonly LogLine[];
  /** What the broker, and what the gateway has confirmed, by the names given here, in order. */
  readonly published: readonly string[];
  readonly stored: readonly string[];
  /** Puts a detection into the outbox. */
  detection(name: string): void;
  /** Puts a file into the outbox, which looks like a picture or a clip from outside. */
  file(name: string, kind: 'picture' | 'clip', bytes: Buffer): void;
  /** Resolves once this holds; looked at with every part and message that has arrived, and every line of the log. */
  until(holds: () => boolean): Promise<void>;
  stop(): Promise<void>;
}

export interface RigOptions {
  readonly folder?: string;
  readonly mqtt?: object;
  /** Left out: as much as can be. */
  readonly bytesPerDay?: number;
  readonly clock?: { nowMs(): number; readonly isTold: boolean };
}

/** Tells of each part of a file that the gateway has. */
class WatchedOutbox extends Outbox {
  readonly #onPart: () => void;

  constructor(store: AgentStore, limits: OutboxOptions, onPart: () => void) {
    super(store, limits);
    this.#onPart = onPart;
  }

  override setProgress(id: number, ranges: readonly Range[]): void {
    super.setProgress(id, ranges);
    this.#onPart();
  }
}

/** Under way when this resolves; ends with the test. */
export async function uplinkRig(url: string, options: RigOptions = {}): Promise<UplinkRig> {
  const folder = options.folder ?? (await temporaryFolder());
  const [lines, published, stored] = [[] as LogLine[], [] as string[], [] as string[]];
  const names = new Map<string, string>();
  const waiting = new Set<() => void>();
  const look = (): void => {
    for (const wake of waiting) wake();
  };
  const log = pino(
    { base: null },
    {
      write: (text: string) => {
        lines.push(JSON.parse(text) as LogLine);
        look();
      },
    },
  );
  const store = AgentStore.open(folder, pino({ enabled: false }));
  const outbox = new WatchedOutbox(store, { maxBytes: 2 ** 26 }, look);
  const budget = testDayBudget(folder, options.bytesPerDay, options.clock);
  const uplink = new Uplink(
    configFor(url, options.mqtt),
    { outbox, budget },
    {
      status: (state) => sampleStatus({ ...NAME, state }),
      onConnected: () => {},
      onCommand: () => {},
      onGatewayTime: () => {},
      onPublished: (message) => {
        published.push(names.get(message.sha256) ?? message.topic);
        look();
      },
      onRefused: () => {},
      onStored: (message) => {
        stored.push(names.get(message.sha256) ?? message.topic);
        look();
      },
    },
    log,
  );
  const add = (name: string, topic: string, kind: MessageKind, payload: Buffer): void => {
    names.set(sha256(payload), name);
    outbox.atomically(() => outbox.add({ topic, payload, kind }, Date.now()));
    uplink.notify();
  };
  let ended: Promise<void> | null = null;
  const stop = (): Promise<void> => {
    ended ??= uplink.stop().then(() => void store.close());
    return ended;
  };
  onTestFinished(stop);
  uplink.start();
  return {
    folder,
    uplink,
    outbox,
    lines,
    published,
    stored,
    detection: (name) => {
      const detection = sampleDetection({ ...NAME, camera: 'camera-1' });
      add(name, topics.detections('camera-1'), 'detection', Buffer.from(JSON.stringify(detection)));
    },
    file: (name, kind, bytes) =>
      add(
        name,
        topics.evidence('camera-1', newId(), kind === 'clip' ? 'clip.mp4' : 'still.jpg'),
        kind,
        bytes,
      ),
    until: async (holds) => {
      while (!holds())
        await new Promise<void>((resolve) => {
          const wake = (): void => {
            waiting.delete(wake);
            resolve();
          };
          waiting.add(wake);
        });
    },
    stop,
  };
}

function configFor(url: string, mqtt: object = {}): ResolvedConfig {
  const text = JSON.stringify({
    ...NAME,
    dataDir: '/nonexistent',
    mqtt: { url, ...mqtt },
    cameras: [{ id: 'camera-1', name: { en: 'One', zh: '一' }, url: 'rtsp://127.0.0.1/1' }],
  });
  return parseConfig(text, '/nonexistent/agent.yaml');
}
