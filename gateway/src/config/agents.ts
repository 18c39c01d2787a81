/** How much one agent may send, so that a box that is stolen or has run wild costs the others nothing. */
import { type Static, Type } from 'typebox';

const AgentLimitsSection = Type.Object(
  {
    messagesPerMinute: Type.Integer({ minimum: 1, maximum: 10_000_000, default: 3000 }),
    megabytesPerMinute: Type.Integer({ minimum: 16, maximum: 1_000_000, default: 64 }),
    megabytesPerDay: Type.Integer({ minimum: 1, maximum: 100_000_000, default: 4096 }),
    cameras: Type.Integer({ minimum: 1, maximum: 100_000, default: 100 }),
    openAlerts: Type.Integer({ minimum: 1, maximum: 10_000_000, default: 500 }),
  },
  { additionalProperties: false, default: {} },
);
export type AgentLimits = Static<typeof AgentLimitsSection>;

export const AgentsSection = Type.Object(
  { limits: AgentLimitsSection },
  { additionalProperties: false, default: {} },
);
