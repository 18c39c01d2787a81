/** What became of every message and alert of a fleet. */

export interface FleetReport {
  readonly agents: number;
  readonly seconds: number;
  readonly connections: number;
  readonly alerts: number;
  /** Not made because too much waited for an answer already. */
  readonly alertsHeldBack: number;
  readonly messagesSent: number;
  /** Sent again because no answer came in time, or the connection was lost. */
  readonly messagesRepeated: number;
  readonly mebibytesSent: number;
  readonly acknowledged: number;
  readonly refused: number;
  /** Never answered. */
  readonly lost: number;
  /** Answered more than once. */
  readonly doubled: number;
  readonly connectMs: Percentiles;
  /** From the first message of an alert to the gateway's word that its detection is stored. */
  readonly alertMs: Percentiles;
  readonly reasons: readonly string[];
}

export interface Percentiles {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

const MAX_REASONS = 5;

export class Tally {
  readonly connectMs: number[] = [];
  readonly alertMs: number[] = [];
  readonly reasons = new Set<string>();
  connections = 0;
  alerts = 0;
  alertsHeldBack = 0;
  messagesSent = 0;
  messagesRepeated = 0;
  bytesSent = 0;
  acknowledged = 0;
  refused = 0;
  doubled = 0;

  refuse(reason: string): void {
    this.refused++;
    if (this.reasons.size < MAX_REASONS) this.reasons.add(reason);
  }

  report(agents: number, seconds: number, lost: number): FleetReport {
    const { connections, alerts, alertsHeldBack, messagesSent, messagesRepeated } = this;
    const { acknowledged, refused, doubled } = this;
    return {
      agents,
      seconds: Math.round(seconds * 10) / 10,
      connections,
      alerts,
      alertsHeldBack,
      messagesSent,
      messagesRepeated,
      mebibytesSent: Math.round(this.bytesSent / 2 ** 20),
      acknowledged,
      refused,
      lost,
      doubled,
      connectMs: percentiles(this.connectMs),
      alertMs: percentiles(this.alertMs),
      reasons: [...this.reasons],
    };
  }
}

function percentiles(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number | null => {
    const value = sorted[Math.ceil(share * sorted.length) - 1];
    return value === undefined ? null : Math.round(value * 10) / 10;
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}
