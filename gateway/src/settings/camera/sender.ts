/**
 * Brings what is set of a camera to its box: at once when it is there, else when it is back, and again when it has lost it. What the box
 * says to it is kept beside it.
 */
import type { Logger } from 'pino';
import type { AgentCommands } from '../../agents/commands.ts';
import { isOnline } from '../../agents/watch.ts';
import { cameraKey } from '../../cameras/names.ts';
import type { CameraOf } from '../../cameras/source.ts';
import { Refusal } from '../../refusal.ts';
import type { Store } from '../../store/database.ts';
import type { CameraSettingsRow } from '../../store/tables/field.ts';
import { newestSettings, owedCameras, settingsIn } from './versions.ts';

const ANSWER_SECONDS = 20;
/** Boxes that are back together are told one after the other. */
const AT_ONCE = 16;
/** It may yet be taken: the box was away, busy, or the command late. */
const PASSING: readonly string[] = ['agent_silent', 'agent_busy', 'command_expired'];

type Outcome = Pick<CameraSettingsRow, 'outcome' | 'code' | 'reason'>;

export class CameraSettingsSender {
  readonly #store: Store;
  readonly #commands: Pick<AgentCommands, 'ask'>;
  readonly #log: Logger;
  readonly #running = new Map<string, Promise<void>>();
  /** In which turn each was last tried. */
  readonly #tried = new Map<string, number>();
  #turn = 0;

  constructor(store: Store, commands: Pick<AgentCommands, 'ask'>, log: Logger) {
    this.#store = store;
    this.#commands = commands;
    this.#log = log;
  }

  /** Sends the newest of a camera unless that is under way; whoever asks need not wait. */
  send(of: CameraOf): void {
    const key = cameraKey(of);
    if (this.#running.has(key)) return;
    this.#tried.set(key, ++this.#turn);
    const run = this.#deliver(of)
      .catch((error: Error) => this.#log.warn({ camera: key, reason: error.message }, 'settings not sent'))
      .finally(() => this.#running.delete(key));
    this.#running.set(key, run);
  }

  /** To be called every now and then. */
  async sendOwed(): Promise<void> {
    const owed = await owedCameras(this.#store.db);
    // Who was tried longest ago comes first: of boxes that do not answer, the cameras would take all places again and again.
    const turnOf = (of: CameraOf): number => this.#tried.get(cameraKey(of)) ?? 0;
    const inTurn = owed.toSorted((a, b) => turnOf(a) - turnOf(b));
    for (const of of inTurn) {
      if (this.#running.size >= AT_ONCE) break;
      this.send(of);
    }
    const keys = new Set(owed.map(cameraKey));
    for (const key of this.#tried.keys()) if (!keys.has(key)) this.#tried.delete(key);
  }

  /** Resolves once nothing is under way any more; the commands must have been stopped. */
  async stop(): Promise<void> {
    await Promise.all(this.#running.values());
  }

  async #deliver(of: CameraOf): Promise<void> {
    if (await this.#isAway(of)) return;
    for (let sent: string | null = null; ; ) {
      const row = await newestSettings(this.#store.db, of);
      // Somebody may have set something else meanwhile.
      if (row === undefined || row.id === sent) return;
      sent = row.id;
      const outcome = await this.#ask(of, row);
      if (outcome === null) return;
      await this.#keep(of, row.id, outcome);
    }
  }

  async #isAway({ site, agent }: CameraOf): Promise<boolean> {
    const row = await this.#store.db
      .selectFrom('agents')
      .select(['status', 'silent_at', 'revoked_at'])
      .where((where) => where.and({ site, agent }))
      .executeTakeFirst();
    return row !== undefined && row.status !== null && !isOnline(row);
  }

  /** Null: nothing is known of it yet. */
  async #ask({ site, agent, camera }: CameraOf, row: CameraSettingsRow): Promise<Outcome | null> {
    const { id } = row;
    const settings = { id, ...settingsIn(row) };
    try {
      const reply = await this.#commands.ask(
        { site, agent },
        { kind: 'config', camera, settings },
        ANSWER_SECONDS,
      );
      if (reply.settings === id) return { outcome: 'applied', code: null, reason: null };
      const reason = 'the agent knows nothing of settings of its cameras: install a newer one';
      return { outcome: 'refused', code: 'agent_too_old', reason };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (PASSING.includes(error.code)) return null;
      return { outcome: 'refused', code: error.code, reason: error.message };
    }
  }

  async #keep({ site, agent, camera }: CameraOf, id: string, outcome: Outcome): Promise<void> {
    await this.#store.transaction(async (tx) => {
      await tx.db
        .updateTable('camera_settings')
        .set({ ...outcome, answered_at: tx.at })
        .where('id', '=', id)
        .execute();
      tx.changed({
        kind: 'camera',
        subject: `${site}/${agent}/${camera}`,
        data: { settings: outcome.outcome },
      });
    });
  }
}
