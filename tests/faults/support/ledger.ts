/**
 * The books of a history: what the streets shown must have brought, what the box said and had on disk, and what the gateway
 * stored. Each camera shows one pothole, so each must have brought one detection, of one alert.
 */
import type { AgentProcess } from './agent-process.ts';
import type { GatewayProcess } from './gateway-process.ts';
import type { Verdict } from './outcome.ts';

export interface Balance extends Verdict {
  /** Everything that must not be, a sentence each. */
  readonly wrong: readonly string[];
  /** What a reader should know besides. */
  readonly notes: readonly string[];
}

export class Ledger {
  readonly #gateway: GatewayProcess;
  readonly #agent: AgentProcess;
  readonly #shown = new Set<string>();
  readonly #committed = new Map<string, string>();

  constructor(gateway: GatewayProcess, agent: AgentProcess) {
    this.#gateway = gateway;
    this.#agent = agent;
  }

  /** A camera that shows a pothole, from now on. */
  shows(camera: string): void {
    this.#shown.add(camera);
  }

  /** What the box has on disk, or has said was stored, must be at the gateway in the end. To be called while it does not run. */
  note(): void {
    for (const { id, camera } of this.#agent.committed()) this.#committed.set(id, camera);
    for (const { detection, camera } of this.#agent.book.all('agent', 'detection stored'))
      this.#committed.set(String(detection), String(camera));
  }

  /** Whether a detection of it is at the gateway. */
  async hasAny(camera: string): Promise<boolean> {
    const detections = this.#gateway.store.db.selectFrom('detections').select('id');
    return (await detections.where('camera', '=', camera).execute()).length > 0;
  }

  /** Whether each of these cameras has its detection at the gateway, with all that it names, and a clip if that is asked for. */
  async hasAll(cameras: readonly string[], withClip = false): Promise<boolean> {
    const rows = await this.#evidence();
    return cameras.every((camera) => {
      const own = rows.filter((row) => row.camera === camera);
      if (own.length === 0 || own.some(({ name, stored }) => name !== null && stored === null)) return false;
      return !withClip || own.some(({ kind }) => kind === 'clip');
    });
  }

  async balance(): Promise<Balance> {
    const detections = await this.#gateway.store.db
      .selectFrom('detections')
      .select(['id', 'camera', 'alert_id'])
      .execute();
    const byCamera = Map.groupBy(detections, ({ camera }) => camera);
    const of = (camera: string): typeof detections => byCamera.get(camera) ?? [];
    const shown = [...this.#shown];
    const lost = shown.filter((camera) => of(camera).length === 0);
    const alerts = (camera: string): number => new Set(of(camera).map(({ alert_id }) => alert_id)).size;
    const doubled = shown.filter((camera) => of(camera).length > 1 || alerts(camera) > 1);
    const there = new Set(detections.map(({ id }) => id));
    const evidence = await this.#evidence();
    const came = evidence.filter(({ stored }) => stored !== null);
    const without = (wanted: string): number => {
      const having = new Set(came.filter(({ kind }) => kind === wanted).map(({ id }) => id));
      return detections.length - having.size;
    };
    const missing = evidence.filter(({ name, stored }) => name !== null && stored === null);
    const ids = (camera: string): string =>
      of(camera)
        .map(({ id }) => id)
        .join(', ');
    return {
      ...{ expected: shown.length, lost: lost.length, doubled: doubled.length },
      wrong: [
        ...this.#gateway.deaths,
        ...this.#agent.deaths,
        ...lost.map((camera) => `${camera}: its detection is not there`),
        ...doubled.map((camera) => `${camera}: ${ids(camera)}`),
        ...[...this.#committed]
          .filter(([id]) => !there.has(id))
          .map(([id, camera]) => `${camera}: ${id} was on the box's disk, and is not there`),
        ...missing.map(({ camera, id, name }) => `${camera}: ${name} of ${id} never came`),
      ],
      notes: [
        `of ${detections.length} detections ${without('still')} have no picture and ${without('clip')} no clip`,
      ],
    };
  }

  /** A row for each piece that a detection names, or one without a name. */
  #evidence() {
    return this.#gateway.store.db
      .selectFrom('detections')
      .leftJoin('detection_evidence', 'detection_evidence.detection_id', 'detections.id')
      .leftJoin('evidence', 'evidence.sha256', 'detection_evidence.sha256')
      .select([
        'detections.id',
        'detections.camera',
        'detection_evidence.name',
        'detection_evidence.kind',
        'evidence.stored_at as stored',
      ])
      .execute();
  }
}
