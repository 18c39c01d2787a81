/** Commands from the gateway: validated, once each, and not after they have expired. Every command gets a reply. */
import {
  type Command,
  type MissingEvidence,
  parseCommand,
  type Reply,
  timestamp,
  WIRE_VERSION,
} from '@roadwatch/contract';
import type { ReplyCode } from '@roadwatch/contract/codes';
import type { Logger } from 'pino';
import type { EvidenceFile } from '../evidence/evidence.ts';
import { CommandRefusal } from './command-refusal.ts';

export interface CommandResult {
  readonly inspection?: NonNullable<Reply['inspection']>;
  readonly scene?: NonNullable<Reply['scene']>;
  readonly evidence?: readonly EvidenceFile[];
  /** Of what was to be in `evidence`. */
  readonly missing?: readonly MissingEvidence[];
  readonly live?: NonNullable<Reply['live']>;
  readonly settings?: NonNullable<Reply['settings']>;
}

/** Throws with one sentence when it cannot be done. */
export type CommandHandler = (command: Command, signal: AbortSignal) => Promise<CommandResult>;

export interface CommandEvents {
  /** The reply and its evidence, to be sent. */
  onReply(command: Command, reply: Reply, evidence: readonly EvidenceFile[]): void;
}

const REMEMBERED = 1_000;
const MAX_RUNNING = 16;

export class Commands {
  readonly #handle: CommandHandler;
  readonly #events: CommandEvents;
  readonly #log: Logger;
  readonly #seen = new Set<string>();
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(handle: CommandHandler, events: CommandEvents, log: Logger) {
    this.#handle = handle;
    this.#events = events;
    this.#log = log;
  }

  receive(payload: Uint8Array, nowMs: number): void {
    const parsed = parseCommand(payload);
    if (!parsed.ok) {
      this.#log.warn({ reason: parsed.reason }, 'command not understood');
      return;
    }
    const command = parsed.value;
    // MQTT delivers at least once.
    if (this.#seen.has(command.id)) return;
    this.#seen.add(command.id);
    if (this.#seen.size > REMEMBERED) this.#seen.delete(this.#seen.values().next().value as string);
    if (Date.parse(command.expiresAt) <= nowMs) {
      this.#reply(command, {
        outcome: 'expired',
        code: 'command_expired',
        reason: `expired at ${command.expiresAt}`,
      });
      return;
    }
    if (this.#running.size >= MAX_RUNNING) {
      this.#reply(command, {
        outcome: 'failed',
        code: 'agent_busy',
        reason: `busy with ${MAX_RUNNING} other commands`,
      });
      return;
    }
    const run = this.#run(command).finally(() => this.#running.delete(run));
    this.#running.add(run);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#running);
  }

  async #run(command: Command): Promise<void> {
    this.#log.info({ id: command.id, kind: command.kind, ...cameraOf(command) }, 'command received');
    try {
      const {
        inspection,
        scene,
        live,
        settings,
        evidence = [],
        missing = [],
      } = await this.#handle(command, this.#stopping.signal);
      this.#reply(
        command,
        {
          outcome: 'done',
          ...(inspection === undefined ? {} : { inspection }),
          ...(scene === undefined ? {} : { scene }),
          ...(live === undefined ? {} : { live }),
          ...(settings === undefined ? {} : { settings }),
          ...(missing.length === 0 ? {} : { missing: [...missing] }),
        },
        evidence,
      );
    } catch (error) {
      const reason = (error as Error).message.slice(0, 500);
      const code = error instanceof CommandRefusal ? error.code : 'command_failed';
      this.#log.warn({ id: command.id, kind: command.kind, code, reason }, 'command failed');
      const problems = error instanceof CommandRefusal ? [...error.problems] : [];
      this.#reply(command, {
        ...{ outcome: 'failed', code, reason },
        ...(problems.length === 0 ? {} : { problems }),
      });
    }
  }

  #reply(
    command: Command,
    result: Omit<Reply, 'v' | 'id' | 'at' | 'code' | 'evidence'> & { readonly code?: ReplyCode },
    evidence: readonly EvidenceFile[] = [],
  ): void {
    const reply: Reply = {
      v: WIRE_VERSION,
      id: command.id,
      at: timestamp(Date.now()),
      ...result,
      ...(evidence.length === 0 ? {} : { evidence: evidence.map(({ ref }) => ref) }),
    };
    this.#events.onReply(command, reply, evidence);
  }
}

/** Of a command about one camera. */
function cameraOf(command: Command): { readonly camera?: string } {
  return 'camera' in command ? { camera: command.camera } : {};
}
