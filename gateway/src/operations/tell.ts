/**
 * Maintainers' own system is told what is wrong with cameras and boxes once it has lasted for a minute, and once more when it has been
 * over for as long: signed calls in the form of Standard Webhooks. What is told twice, as after a lost answer, has the same id.
 */
import type { OutageLog } from '@roadwatch/common';
import { timestamp } from '@roadwatch/contract';
import { AGENT_TROUBLES, CAMERA_CARES, CAMERA_FAULTS } from '@roadwatch/contract/codes';
import { SETTLED_MS, THE_BOX } from '../cameras/incidents.ts';
import type { Config } from '../config/config.ts';
import type { Webhook } from '../config/units.ts';
import type { Store } from '../store/database.ts';
import type { IncidentRow } from '../store/tables/field.ts';
import { callMaintainers, type Event } from './call.ts';
import { CONDITION_TEXTS } from './texts.ts';

const AT_ONCE = 20;
/** A system that does not answer is left alone for a while, longer and longer. */
const PAUSE = { firstMs: 5_000, maxMs: 300_000 };
const TEXTS: Readonly<Record<string, { readonly en: string; readonly zh: string }>> = {
  ...CAMERA_FAULTS,
  ...CAMERA_CARES,
  ...AGENT_TROUBLES,
  ...CONDITION_TEXTS,
};

export class Teller {
  readonly #store: Store;
  readonly #config: Pick<Config, 'operations'>;
  readonly #outage: OutageLog;
  #pausedUntil = 0;
  /** The one that is left alone: when it is set anew it is called at once. */
  #paused: Webhook | null = null;

  /** `config` is read each time: who is told may be changed. */
  constructor(store: Store, config: Pick<Config, 'operations'>, outage: OutageLog) {
    this.#store = store;
    this.#config = config;
    this.#outage = outage;
  }

  /** Tells what is due, oldest first. Where nobody is to be told, it is only noted that it has lasted; where nobody can be, it waits. */
  async tellDue(signal: AbortSignal): Promise<void> {
    const { webhook, isLost = false } = this.#config.operations;
    if (isLost) return;
    if (webhook === this.#paused && this.#store.now() < this.#pausedUntil) return;
    for (const [row, isOver] of await this.#due()) {
      if (signal.aborted || !(await this.#tell(webhook, row, isOver, signal))) return;
      await this.#store.transaction((tx) =>
        tx.db
          .updateTable('incidents')
          .set(isOver ? { told_end_at: tx.at } : { told_at: tx.at })
          .where('id', '=', row.id)
          .execute(),
      );
    }
  }

  async #due(): Promise<readonly (readonly [IncidentRow, boolean])[]> {
    const before = this.#store.now() - SETTLED_MS;
    const all = this.#store.db.selectFrom('incidents').selectAll().limit(AT_ONCE);
    const begun = await all
      .where('told_at', 'is', null)
      .where('ended_at', 'is', null)
      .where('began_at', '<=', before)
      .orderBy('began_at')
      .execute();
    const over = await all
      .where('told_at', 'is not', null)
      .where('told_end_at', 'is', null)
      .where('ended_at', '<=', before)
      .orderBy('ended_at')
      .execute();
    return [...begun.map((row) => [row, false] as const), ...over.map((row) => [row, true] as const)];
  }

  /** Whether it is settled: it was taken, or will never be. */
  async #tell(
    webhook: Webhook | null,
    row: IncidentRow,
    isOver: boolean,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (webhook === null) return true;
    const call = await callMaintainers(this.#store, webhook, await this.#event(row, isOver), signal);
    if (call === null) return false;
    if (call.outcome === 'delivered') {
      this.#outage.works();
      return true;
    }
    this.#outage.failed(call.answer);
    if (call.outcome === 'refused') return true;
    this.#paused = webhook;
    const pauseMs = Math.min(PAUSE.maxMs, PAUSE.firstMs * 2 ** (this.#outage.failures - 1));
    this.#pausedUntil = this.#store.now() + pauseMs;
    return false;
  }

  async #event(row: IncidentRow, isOver: boolean): Promise<Event> {
    const { id, site, agent, camera, code, detail, began_at, ended_at } = row;
    const isBox = camera === THE_BOX;
    const type = isBox
      ? isOver
        ? 'agent.back'
        : 'agent.lost'
      : isOver
        ? 'camera.recovered'
        : 'camera.fault';
    const at = isOver ? (ended_at as number) : began_at;
    const data = {
      ...{ incident: id, site, agent },
      ...(isBox ? {} : { camera, name: await this.#nameOf(row) }),
      code,
      text: Object.hasOwn(TEXTS, code) ? TEXTS[code] : { en: code, zh: code },
      ...(detail === '' ? {} : { detail }),
      since: timestamp(began_at),
      ...(isOver ? { until: timestamp(at) } : {}),
      pictures: {
        ...picture('before', row.good_sha256, row.good_at),
        ...picture('fault', row.fault_sha256, row.fault_at),
      },
    };
    return { id: `${id}.${type}`, type, at, data };
  }

  async #nameOf({ site, agent, camera }: IncidentRow): Promise<unknown> {
    const row = await this.#store.db
      .selectFrom('cameras')
      .select('state')
      .where((where) => where.and({ site, agent, camera }))
      .executeTakeFirst();
    const said = row?.state == null ? null : (JSON.parse(row.state) as { readonly name: unknown });
    return said?.name ?? { en: camera, zh: camera };
  }
}

function picture(when: string, sha256: string | null, at: number | null): object {
  return sha256 === null || at === null ? {} : { [when]: { sha256, capturedAt: timestamp(at) } };
}
