/** What an agent says over MQTT, said by a test: its status, its cameras, and damage with its pictures. */
import {
  type Ack,
  type AgentStatus,
  type AgentTopics,
  agentTopics,
  type BoxCommand,
  type BoxProblem,
  type CameraState,
  type Command,
  type ConfigurationReport,
  type DamageClass,
  type Detection,
  type EvidenceRef,
  newId,
  type Reply,
  type SceneReport,
  sha256,
  timestamp,
  WIRE_VERSION,
} from '@roadwatch/contract';
import { connectAsync, type MqttClient } from 'mqtt';
import { type LiveCamera, startLiveCamera } from './live-camera.ts';

const SITE = 'binjiang';
const AGENT = 'edge-1';
export const AGENT_NAME = `${SITE}/${AGENT}`;
const MODEL = { name: 'road-damage-nano', version: '1', sha256: sha256('model') };

/** What its cameras say when they are asked to look at a repair. */
const SEEN_WHOLE = { result: 'pass', looked: 12, seen: 0, score: 0.04 } as const;

/** What a look at a scene comes to, and the picture that it was read from. */
interface SceneSeen {
  readonly report: SceneReport;
  /** JPEG. */
  readonly picture: Buffer;
}

/** What a look at a repair comes to, and the picture of it. */
interface Look {
  readonly inspection: NonNullable<Reply['inspection']>;
  /** Why there is no picture. */
  readonly missing?: NonNullable<Reply['missing']>;
  /** JPEG; null: none is sent. */
  readonly picture: Buffer | null;
}

export interface Sighting {
  readonly camera: string;
  readonly damageClass: DamageClass;
  readonly box: Detection['box'];
  /** JPEG. */
  readonly picture: Buffer;
  readonly size: Detection['frame'];
  readonly clip?: Buffer;
  readonly score?: number;
  /** Of the camera; left out, the same for all. */
  readonly position?: Detection['position'];
  /** What the position that is told is of; left out: the camera. */
  readonly positionOf?: 'damage';
  /** When it was first seen. */
  readonly at?: number;
}

export class FieldAgent {
  readonly #client: MqttClient;
  readonly #agent: string;
  readonly #topics: AgentTopics;
  readonly #bootId = newId();
  readonly #startedAt = timestamp(Date.now());
  readonly #waiting = new Map<string, { stored(): void; refused(reason: Error): void }>();

  #live: LiveCamera | null = null;
  /** Whether its cameras can be watched live. */
  streams = true;
  /** What it says to settings of its cameras: that they are applied, or why not; null: nothing. */
  toSettings: 'applied' | { readonly refused: string } | null = 'applied';
  /** Those that it was sent last. */
  settings: Extract<Command, { kind: 'config' }>['settings'];
  /** With what it says it runs; null: its program knows nothing of settings of a box. */
  configuration: ConfigurationReport | null = null;
  /** What it says to settings of the box: that it tries them, or why not; null: nothing. */
  toBox: 'taken' | { readonly refused: BoxProblem[] } | null = 'taken';
  /** Whether it keeps clips until somebody asks for one. */
  keepsClips = false;
  /** When its clips begin, where that is late. */
  clipsBeginAt: string | null = null;
  /** By their SHA-256. */
  readonly #kept = new Map<string, { readonly topic: string; readonly bytes: Buffer }>();
  /** What its cameras see of the next repair that they are to look at. */
  afterRepair: Look = { inspection: SEEN_WHOLE, picture: null };

  /** What its cameras see of a scene; null: its program knows no such look. */
  scene: SceneSeen | null = null;

  private constructor(client: MqttClient, agent: string) {
    this.#client = client;
    this.#agent = agent;
    this.#topics = agentTopics(SITE, agent);
    client.on('message', (topic, payload) => {
      if (topic !== this.#topics.ack) {
        void this.#carryOut(JSON.parse(payload.toString()) as Command);
        return;
      }
      const ack = JSON.parse(payload.toString()) as Ack;
      for (const id of ack.stored) this.#waiting.get(id)?.stored();
      for (const { sha256: id, reason } of ack.refused) this.#waiting.get(id)?.refused(new Error(reason));
    });
  }

  static async connect(url: string, password: string, name = AGENT): Promise<FieldAgent> {
    const login = `${SITE}/${name}`;
    const client = await connectAsync(url, {
      clientId: login,
      username: login,
      password,
      reconnectPeriod: 200,
    });
    const agent = new FieldAgent(client, name);
    await client.subscribeAsync([agent.#topics.ack, agent.#topics.commands], { qos: 1 });
    return agent;
  }

  async status(
    outboxDepth = 0,
    state: AgentStatus['state'] = 'online',
    troubles: AgentStatus['troubles'] = [],
    more: Partial<AgentStatus> = {},
  ): Promise<void> {
    const status: AgentStatus = {
      v: WIRE_VERSION,
      site: SITE,
      agent: this.#agent,
      state,
      bootId: this.#bootId,
      at: timestamp(Date.now()),
      startedAt: this.#startedAt,
      version: '0.1.0',
      model: MODEL,
      cameras: 4,
      outboxDepth,
      thresholds: { pothole: 0.35, alligator_crack: 0.4 },
      troubles,
      ...(this.scene === null ? {} : { commands: ['scene.look'] }),
      ...(this.configuration === null ? {} : { configuration: this.configuration }),
      ...more,
    };
    await this.#client.publishAsync(this.#topics.status, JSON.stringify(status), { qos: 1, retain: true });
  }

  async camera(camera: string, name: CameraState['name'], more: Partial<CameraState> = {}): Promise<void> {
    const now = Date.now();
    const state: CameraState = {
      v: WIRE_VERSION,
      site: SITE,
      agent: this.#agent,
      camera,
      name,
      state: 'streaming',
      since: timestamp(now - 3_600_000),
      at: timestamp(now),
      lastFrameAt: timestamp(now - 400),
      lastFrameAgeMs: 400,
      fps: 2,
      drops: 0,
      width: 1920,
      height: 1080,
      ...more,
    };
    const options = { qos: 1, retain: true } as const;
    await this.#client.publishAsync(this.#topics.cameraState(camera), JSON.stringify(state), options);
  }

  /** Publishes damage with its pictures; resolves with the detection's id once the gateway has stored everything. */
  async sees(sighting: Sighting): Promise<string> {
    const { camera, damageClass, box, picture, size, clip, score = 0.86, positionOf } = sighting;
    const { at = Date.now() - 4_000, position = { latitude: 30.2084, longitude: 120.2123 } } = sighting;
    const id = newId();
    const capturedAt = timestamp(at + 3_000);
    const file = (name: string, kind: EvidenceRef['kind'], bytes: Buffer) => ({
      bytes,
      ref: {
        name,
        kind,
        contentType: kind === 'clip' ? ('video/mp4' as const) : ('image/jpeg' as const),
        sha256: sha256(bytes),
        bytes: bytes.length,
        capturedAt,
        ...(kind === 'clip' && this.keepsClips ? { onRequest: true } : {}),
        ...(kind === 'clip' && this.clipsBeginAt !== null ? { beginsAt: this.clipsBeginAt } : {}),
      },
    });
    const files = [file('still.jpg', 'still', picture)];
    if (clip !== undefined) files.push(file('clip.mp4', 'clip', clip));
    const detection: Detection = {
      v: WIRE_VERSION,
      id,
      revision: 1,
      event: 'opened',
      site: SITE,
      agent: this.#agent,
      camera,
      damageClass,
      score,
      box,
      frame: size,
      firstSeenAt: timestamp(at),
      verifiedAt: timestamp(at + 3_000),
      lastSeenAt: timestamp(at + 3_500),
      capturedAt,
      publishedAt: timestamp(Date.now()),
      observations: { seen: 9, looked: 10 },
      position,
      ...(positionOf === undefined ? {} : { positionOf }),
      model: MODEL,
      evidence: files.map(({ ref }) => ref),
    };
    // As the agent's outbox does: the pictures first, so that an alert has something to show when it appears.
    for (const { ref, bytes } of files) {
      const topic = this.#topics.evidence(camera, id, ref.name);
      if (ref.onRequest) this.#kept.set(ref.sha256, { topic, bytes });
      else await this.#send(topic, bytes);
    }
    await this.#send(this.#topics.detections(camera), Buffer.from(JSON.stringify(detection)));
    return id;
  }

  /** Publishes a detection that is not even JSON; resolves once the gateway has refused it. */
  async saysNonsense(camera: string): Promise<void> {
    await this.#send(this.#topics.detections(camera), Buffer.from(`{nonsense ${newId()}`)).catch(() => {});
  }

  /** Resolves when the line to the gateway is up, also after a restart of the gateway. */
  async reconnected(): Promise<void> {
    if (!this.#client.connected)
      await new Promise<void>((resolve) => this.#client.once('connect', () => resolve()));
  }

  async #carryOut(command: Command): Promise<void> {
    if (command.kind === 'config') return this.#takeSettings(command);
    if (command.kind === 'box.configure' || command.kind === 'box.confirm') return this.#takeBox(command);
    if (command.kind === 'scene.look') return this.#lookAtScene(command);
    if (command.kind === 'evidence.send') return this.#sendKept(command);
    if (command.kind === 'live.stop') await this.endLive();
    const starts = command.kind === 'live.start' && this.streams;
    if (starts) this.#live = await startLiveCamera(command.url, command.token);
    const { id } = command;
    const at = timestamp(Date.now());
    const done = starts || command.kind === 'live.stop';
    const reply: Reply =
      command.kind === 'inspect'
        ? { v: WIRE_VERSION, id, at, outcome: 'done', ...(await this.#look(command)) }
        : {
            v: WIRE_VERSION,
            id,
            at,
            ...(done
              ? { outcome: 'done' }
              : { outcome: 'failed', code: 'camera_not_streaming', reason: 'the camera does not stream' }),
          };
    await this.#client.publishAsync(this.#topics.reply(id), JSON.stringify(reply), { qos: 1 });
  }

  async #takeSettings({ id, settings }: Extract<Command, { kind: 'config' }>): Promise<void> {
    this.settings = settings;
    if (this.toSettings === null || settings === undefined) return;
    const said =
      this.toSettings === 'applied'
        ? { outcome: 'done', settings: settings.id }
        : { outcome: 'failed', code: 'settings_invalid', reason: this.toSettings.refused };
    const reply = { v: WIRE_VERSION, id, at: timestamp(Date.now()), ...said };
    await this.#client.publishAsync(this.#topics.reply(id), JSON.stringify(reply), { qos: 1 });
  }

  async #takeBox(command: BoxCommand): Promise<void> {
    const { toBox } = this;
    if (toBox === null || this.configuration === null) return;
    const id = command.kind === 'box.configure' ? command.settings.id : command.settings;
    const { trial: _, ...configuration } = this.configuration;
    const until = timestamp(Date.now() + 60_000);
    if (toBox === 'taken')
      this.configuration = {
        ...{ ...configuration, settings: id },
        ...(command.kind === 'box.configure' ? { trial: { id, until } } : {}),
      };
    const said =
      toBox === 'taken'
        ? { outcome: 'done', settings: id }
        : { outcome: 'failed', code: 'box_settings_invalid', reason: 'no', problems: toBox.refused };
    const reply = { v: WIRE_VERSION, id: command.id, at: timestamp(Date.now()), ...said };
    await this.#client.publishAsync(this.#topics.reply(command.id), JSON.stringify(reply), { qos: 1 });
    await this.status();
  }

  async #look(
    command: Extract<Command, { kind: 'inspect' }>,
  ): Promise<Pick<Reply, 'inspection' | 'evidence' | 'missing'>> {
    const { picture, ...said } = this.afterRepair;
    if (picture === null) return { ...said, evidence: [] };
    const ref = {
      name: 'inspection.jpg',
      kind: 'still',
      contentType: 'image/jpeg',
      sha256: sha256(picture),
      bytes: picture.length,
      capturedAt: timestamp(Date.now()),
    } as const;
    await this.#send(this.#topics.evidence(command.camera, command.detection, ref.name), picture);
    return { ...said, evidence: [ref] };
  }

  /** As the agent's outbox does: the answer first. */
  async #lookAtScene({ id, camera }: Extract<Command, { kind: 'scene.look' }>): Promise<void> {
    if (this.scene === null) return;
    const { report, picture } = this.scene;
    const capturedAt = timestamp(Date.now());
    const still = {
      ...{ name: 'still.jpg', kind: 'still', contentType: 'image/jpeg', sha256: sha256(picture) },
      ...{ bytes: picture.length, capturedAt },
    };
    const said = { outcome: 'done', scene: report, evidence: [still] };
    const reply = JSON.stringify({ v: WIRE_VERSION, id, at: capturedAt, ...said });
    await this.#client.publishAsync(this.#topics.reply(id), reply, { qos: 1 });
    await this.#send(this.#topics.evidence(camera, id, still.name), picture);
  }

  /** Once. */
  async #sendKept({ id, sha256: hash }: Extract<Command, { kind: 'evidence.send' }>): Promise<void> {
    const kept = this.#kept.get(hash);
    this.#kept.delete(hash);
    const said =
      kept === undefined
        ? { outcome: 'failed', code: 'evidence_gone', reason: 'there is none any more' }
        : { outcome: 'done' };
    const reply = { v: WIRE_VERSION, id, at: timestamp(Date.now()), ...said };
    await this.#client.publishAsync(this.#topics.reply(id), JSON.stringify(reply), { qos: 1 });
    if (kept !== undefined) await this.#send(kept.topic, kept.bytes);
  }

  /** It has no kept clips any more. */
  forgetClips(): void {
    this.#kept.clear();
  }

  async endLive(): Promise<void> {
    await this.#live?.stop();
    this.#live = null;
  }

  async end(): Promise<void> {
    await this.endLive();
    await this.#client.endAsync();
  }

  async #send(topic: string, payload: Buffer): Promise<void> {
    const stored = new Promise<void>((resolve, reject) =>
      this.#waiting.set(sha256(payload), { stored: resolve, refused: reject }),
    );
    await this.#client.publishAsync(topic, payload, { qos: 1 });
    await stored;
  }
}
