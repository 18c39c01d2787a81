/**
 * Brings what is set of a box to it, and says over the broker that the box was seen with it: a box that nobody has seen with its new
 * settings goes back to the former ones by itself. What the box says to each version is kept beside it.
 */
import type { ConfigurationReport } from '@roadwatch/contract';
import { REPLY_REFUSALS, type ReplyCode } from '@roadwatch/contract/codes';
import type { Logger } from 'pino';
import type { AgentCommands } from '../../agents/commands.ts';
import { isOnline } from '../../agents/watch.ts';
import { type AgentName, formatAgentName } from '../../cameras/source.ts';
import { Refusal } from '../../refusal.ts';
import type { Store } from '../../store/database.ts';
import type { BoxSettingsRow } from '../../store/tables/field.ts';
import { boxSettingsIn, configurationIn } from './versions.ts';

const ANSWER_SECONDS = 20;
/** Of boxes that are set together, or are back together; the others are told as these have answered. */
const AT_ONCE = 64;
/** A box that says nothing of them so long after it has taken them has lost them: it says how it is every 30 s. */
const LOST_AFTER_MS = 90_000;
/** It may yet be taken: the box was away, busy, or the command late. */
const PASSING: readonly string[] = ['agent_silent', 'agent_busy', 'command_expired'];

type Outcome = Pick<BoxSettingsRow, 'outcome' | 'code' | 'reason' | 'problems'>;
type Step = 'configure' | 'confirm' | Outcome | null;

const APPLIED: Outcome = { outcome: 'applied', code: null, reason: null, problems: null };
const ON_TRIAL: Outcome = { ...APPLIED, outcome: 'trial' };
const WAITING: Outcome = { ...APPLIED, outcome: null };

export class BoxSettingsSender {
  readonly #store: Store;
  readonly #commands: Pick<AgentCommands, 'ask'>;
  readonly #log: Logger;
  readonly #running = new Map<string, Promise<void>>();
  /** Whose turn comes when one that runs is over. */
  readonly #next = new Map<string, AgentName>();
  #over = false;

  constructor(store: Store, commands: Pick<AgentCommands, 'ask'>, log: Logger) {
    this.#store = store;
    this.#commands = commands;
    this.#log = log;
  }

  /** To be called every now and then; with `of`, when something of that box was set. */
  async advance(of?: AgentName): Promise<void> {
    for (const row of await this.#open(of)) {
      if (this.#over) return;
      const key = formatAgentName(row);
      if (this.#running.has(key) || !isOnline(row)) continue;
      const step = nextStep(row, configurationIn(row.status), Number(row.status_at));
      if (step === null) continue;
      if (this.#running.size >= AT_ONCE) {
        this.#next.set(key, { site: row.site, agent: row.agent });
        continue;
      }
      const run = this.#take(row, step)
        .catch((error: Error) => this.#log.warn({ agent: key, reason: error.message }, 'settings not sent'))
        .finally(() => {
          this.#running.delete(key);
          this.#goOn();
        });
      this.#running.set(key, run);
    }
  }

  /** Resolves once nothing is under way any more; the commands must have been stopped. */
  async stop(): Promise<void> {
    this.#over = true;
    this.#next.clear();
    await Promise.all(this.#running.values());
  }

  /** With the next, read anew: something else may have been set of it meanwhile, or it has gone. */
  #goOn(): void {
    const [next] = this.#next;
    if (next === undefined || this.#running.size >= AT_ONCE) return;
    const [key, of] = next;
    this.#next.delete(key);
    void this.advance(of)
      .catch((error: Error) => this.#log.warn({ agent: key, reason: error.message }, 'settings not sent'))
      .then(() => this.#goOn());
  }

  /** Of each box, or of one, the newest that is not over, beside what the box says. */
  #open(of: AgentName | undefined) {
    return this.#store.db
      .selectFrom('box_settings as s')
      .innerJoin('agents', (join) =>
        join.onRef('agents.site', '=', 's.site').onRef('agents.agent', '=', 's.agent'),
      )
      .selectAll('s')
      .select(['agents.status', 'agents.status_at', 'agents.silent_at', 'agents.revoked_at'])
      .$if(of !== undefined, (query) =>
        query.where('s.site', '=', of?.site as string).where('s.agent', '=', of?.agent as string),
      )
      .where(({ eb, selectFrom }) =>
        eb(
          's.version',
          '=',
          selectFrom('box_settings as n')
            .select(({ fn }) => fn.max('n.version').as('version'))
            .whereRef('n.site', '=', 's.site')
            .whereRef('n.agent', '=', 's.agent')
            .where((where) =>
              where.or([
                where('n.outcome', 'is', null),
                where('n.outcome', 'in', ['trial', 'applied'] as const),
              ]),
            ),
        ),
      )
      .execute();
  }

  async #take(row: BoxSettingsRow, step: Exclude<Step, null>): Promise<void> {
    const outcome = typeof step === 'object' ? step : await this.#ask(row, step);
    if (outcome !== null) await this.#keep(row, outcome);
  }

  /** Null: nothing is known of it yet. */
  async #ask(row: BoxSettingsRow, step: 'configure' | 'confirm'): Promise<Outcome | null> {
    const { site, agent, id } = row;
    const body =
      step === 'configure'
        ? ({ kind: 'box.configure', settings: { id, values: boxSettingsIn(row) } } as const)
        : ({ kind: 'box.confirm', settings: id } as const);
    try {
      await this.#commands.ask({ site, agent }, body, ANSWER_SECONDS);
      return step === 'configure' ? ON_TRIAL : APPLIED;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // What became of a trial the status says.
      if (PASSING.includes(error.code) || step === 'confirm') return null;
      const { fields = [] } = error.more;
      return refused(error.code, error.message, fields);
    }
  }

  async #keep({ site, agent, id, outcome: before }: BoxSettingsRow, outcome: Outcome): Promise<void> {
    await this.#store.transaction(async (tx) => {
      const { numUpdatedRows } = await tx.db
        .updateTable('box_settings')
        .set({ ...outcome, answered_at: outcome.outcome === null ? null : tx.at })
        .where('id', '=', id)
        // Somebody may have set something else meanwhile.
        .where('outcome', before === null ? 'is' : '=', before)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) return;
      const data = { settings: outcome.outcome };
      tx.changed({ kind: 'agent', subject: formatAgentName({ site, agent }), data });
    });
  }
}

function nextStep(
  { id, outcome, answered_at }: BoxSettingsRow,
  said: ConfigurationReport | null,
  saidAt: number,
): Step {
  const isLost = saidAt > Number(answered_at) + LOST_AFTER_MS;
  const refusal = said?.refusedSettings?.id === id ? said.refusedSettings : null;
  if (said?.settings === undefined)
    return outcome === null
      ? refused('agent_too_old', 'the agent knows nothing of settings of a box: install a newer one', [])
      : null;
  if (outcome === null) return said.settings === id && said.trial === undefined ? APPLIED : 'configure';
  if (said.settings === id) {
    if (outcome === 'applied') return null;
    return said.trial?.id === id ? 'confirm' : APPLIED;
  }
  if (refusal !== null && (outcome === 'trial' || isLost)) {
    const { code, problems } = refusal;
    const text = Object.hasOwn(REPLY_REFUSALS, code) ? REPLY_REFUSALS[code as ReplyCode].en : code;
    return refused(code, text, problems);
  }
  return isLost ? WAITING : null;
}

function refused(code: string, reason: string, problems: readonly object[]): Outcome {
  return { outcome: 'refused', code, reason, problems: JSON.stringify(problems) };
}
