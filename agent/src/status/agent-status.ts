/** What is said of the agent on the wire. */
import {
  type AgentStatus,
  type AgentTrouble,
  type ConfigurationReport,
  type MachineState,
  type ModelRef,
  SCENE_LOOK,
  type Thresholds,
  timestamp,
  WIRE_VERSION,
} from '@roadwatch/contract';
import type { Uplink, UplinkFigures } from '../uplink/mqtt.ts';
import type { Outbox } from '../uplink/outbox.ts';

/** What stays as it is for as long as the agent runs, and what is asked each time. */
interface StatusParts {
  readonly site: string;
  readonly agent: string;
  readonly bootId: string;
  /** By the wall clock, ms since 1970. */
  readonly startedAtMs: number;
  readonly version: string;
  readonly model: ModelRef;
  readonly updates: { readonly reports: NonNullable<AgentStatus['updates']> };
  /** The model's own. */
  readonly thresholds: Thresholds;
  /** How many there are. */
  readonly cameras: number;
  readonly configuration: ConfigurationReport;
  readonly outbox: Pick<Outbox, 'depth'>;
  readonly uplink: Pick<Uplink, 'figures'>;
  readonly machine: { readonly now: MachineState };
}

/** `nowMs`: by the wall clock, ms since 1970. */
export function agentStatus(
  { startedAtMs, outbox, uplink, updates, machine, ...told }: StatusParts,
  state: AgentStatus['state'],
  troubles: readonly AgentTrouble[],
  nowMs: number,
): AgentStatus {
  const { broker } = uplink.figures;
  return {
    v: WIRE_VERSION,
    ...told,
    state,
    at: timestamp(nowMs),
    startedAt: timestamp(startedAtMs),
    outboxDepth: outbox.depth,
    uplink: { ...lineSaid(uplink.figures), broker },
    machine: machine.now,
    commands: [SCENE_LOOK],
    troubles: [...troubles],
    updates: updates.reports,
  };
}

/** How the line is, on the wire and at the box alike. */
export function lineSaid({
  bytesPerSecond,
  waitingBytes,
  dayBytes,
  dayBudgetBytes,
}: Pick<UplinkFigures, 'bytesPerSecond' | 'waitingBytes' | 'dayBytes' | 'dayBudgetBytes'>): NonNullable<
  AgentStatus['uplink']
> {
  return {
    ...{ bytesPerSecond, waitingBytes, dayBytes },
    ...(dayBudgetBytes === null ? {} : { dayBudgetBytes }),
  };
}
