/**
 * The gateway's answer to what it received. A message is named by the SHA-256 of its payload, so that even one that could
 * not be parsed can be answered: the agent's outbox lets go of a message on `stored` and sets it aside on `refused`.
 */
import { type Static, Type } from 'typebox';
import { MachineCode, Sha256, Timestamp } from './ids.ts';
import { Version } from './version.ts';

export const Ack = Type.Object(
  {
    v: Version,
    at: Type.Optional({
      ...Timestamp,
      description: 'now, by the gateway’s clock, by which the times in its commands are meant',
    }),
    stored: Type.Array(Sha256, { maxItems: 1000 }),
    refused: Type.Array(
      Type.Object({
        sha256: Sha256,
        reason: Type.String({ minLength: 1, maxLength: 1000 }),
        code: Type.Optional(MachineCode),
      }),
      { maxItems: 1000 },
    ),
    later: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 1000,
        description: 'why some of what came was not taken for now; it is answered when it is sent again',
      }),
    ),
    laterCode: Type.Optional(MachineCode),
  },
  { title: 'Ack' },
);
export type Ack = Static<typeof Ack>;
