/** What is one thing on the road, and what is remembered of a place. */
import { DAMAGE_CLASSES } from '@roadwatch/contract';
import { Type } from 'typebox';
import { section } from './shared.ts';

/** Minutes within which there should be a verdict: what is a danger now at once, what grows over months within half an hour. */
const VERDICT_MINUTES: Readonly<Record<string, number>> = { pothole: 5, alligator_crack: 15, anomaly: 15 };
const LEAST_URGENT_MINUTES = 30;

export const AlertsSection = section({
  mergeIou: Type.Number({ minimum: 0.01, maximum: 1, default: 0.2 }),
  mergeDistance: Type.Number({ minimum: 0, maximum: 1, default: 0.06 }),
  mergeMetres: Type.Object(
    Object.fromEntries(
      DAMAGE_CLASSES.filter((entry) => entry.alerts).map((entry) => [
        entry.name,
        Type.Number({ minimum: 0, maximum: 500, default: 8 }),
      ]),
    ),
    { additionalProperties: false, default: {}, description: 'metres, by damage class' },
  ),
  rejectedPlaces: section({
    days: Type.Integer({ minimum: 0, maximum: 3650, default: 30 }),
    holdAfter: Type.Integer({ minimum: 0, maximum: 1000, default: 3 }),
  }),
  verdictMinutes: Type.Object(
    Object.fromEntries(
      DAMAGE_CLASSES.filter((entry) => entry.alerts).map((entry) => [
        entry.name,
        Type.Integer({
          minimum: 1,
          maximum: 10_080,
          default: VERDICT_MINUTES[entry.name] ?? LEAST_URGENT_MINUTES,
        }),
      ]),
    ),
    { additionalProperties: false, default: {}, description: 'minutes, by damage class' },
  ),
  mergeCameraMetres: Type.Number({ minimum: 0, maximum: 500, default: 0 }),
  claimSeconds: Type.Integer({ minimum: 10, maximum: 3600, default: 90 }),
});
