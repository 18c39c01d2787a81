/** Whether the gateway works, for the monitoring and the console. */
import { type Static, Type } from 'typebox';
import { Timestamp } from '../ids.ts';
import { ListOf, Named, OneOf, OrNull } from './shapes.ts';
import { TROUBLE_CODES, WRITTEN } from './vocabulary.ts';

const Count = Type.Integer({ minimum: 0 });

/** What the gateway cannot write at present. */
export const StoreTrouble = Named('StoreTrouble', {
  what: OneOf(WRITTEN),
  code: OneOf(TROUBLE_CODES),
  detail: Type.String(),
  since: Timestamp,
});
export type StoreTrouble = Static<typeof StoreTrouble>;

export const Health = Named('Health', {
  status: OneOf(['ok', 'degraded']),
  store: Type.Boolean({ description: 'it can be read and written' }),
  broker: Type.Boolean({ description: 'it is connected' }),
  evidence: Type.Boolean({ description: 'pictures can be stored' }),
  dispatches: OrNull(Type.Object({ waiting: Count, overdue: Count, dead: Count }), {
    description: 'orders to units; null while the store is away',
  }),
  troubles: ListOf(StoreTrouble),
});
export type Health = Static<typeof Health>;
