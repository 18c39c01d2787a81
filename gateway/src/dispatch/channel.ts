/** What a way to a unit's own system has to do. To add one: a folder beside the others, a line in channels.ts. */
import type { Config } from '../config/config.ts';
import type { UnitConfig } from '../config/units.ts';
import type { Failure } from '../outbound/http-call.ts';
import type { Store, Tx } from '../store/database.ts';
import type { OutboxRow } from '../store/tables/tickets.ts';
import type { Mailer } from './mail/mail.ts';
import type { RemoteRequest } from './open311/answer.ts';
import type { Trial } from './trial-order.ts';

export interface Attempt {
  readonly store: Store;
  readonly config: Pick<Config, 'clocks' | 'http'>;
  readonly unit: UnitConfig;
  readonly order: OutboxRow;
  readonly signal: AbortSignal;
  readonly mailer: Mailer | null;
}

/** `request`: what the other system calls it, where it has a name of its own. */
export type Delivery =
  | { readonly ok: true; readonly request?: Pick<RemoteRequest, 'id' | 'token'> }
  | Failure;

/** One attempt at one order. Never throws for what the other side does. */
type Method = (attempt: Attempt) => Promise<Delivery>;

export interface Channel {
  /** The unit gets a ticket. */
  readonly send: Method;
  /** Its repair did not hold. */
  readonly rework: Method;
  /** The ticket is no longer its own. */
  readonly recall: Method;
  /** A clock runs out. */
  readonly remind: Method;
  /** In the transaction that notes that the order was sent. */
  sent?(tx: Tx, order: OutboxRow, delivery: Delivery & { readonly ok: true }): Promise<void>;
  /** What goes there before the first ticket does. */
  trial(unit: UnitConfig, config: Pick<Config, 'smtp'>, nowMs: number, signal: AbortSignal): Promise<Trial>;
}
