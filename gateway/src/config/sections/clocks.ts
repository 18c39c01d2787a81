/** How long everything may take, in which time, and who is told when it runs out. */

import { DAMAGE_CLASSES } from '@roadwatch/contract';
import { ROLES, type Role } from '@roadwatch/contract/api';
import { RANGES } from '@roadwatch/contract/settings-ranges.ts';
import { Type } from 'typebox';
import { COUNTS } from '../../calendar/working-time.ts';
import { section } from './shared.ts';

const Count = Type.Union(COUNTS.map((counts) => Type.Literal(counts)));

function Audience(fallback: readonly Role[]) {
  return Type.Array(Type.Union(ROLES.map((role) => Type.Literal(role))), {
    maxItems: ROLES.length,
    uniqueItems: true,
    default: [...fallback],
  });
}

/** Who is told at which percent of the time; a step that is left out keeps its default, an empty list tells nobody. */
function Ladder(percents: readonly string[], fallback: Readonly<Record<string, readonly Role[]>>) {
  return section(Object.fromEntries(percents.map((percent) => [percent, Audience(fallback[percent] ?? [])])));
}

export const ClocksSection = section({
  responseMinutes: Type.Number({ ...RANGES.responseMinutes, default: 30 }),
  sceneLookMinutes: Type.Number({ ...RANGES.sceneLookMinutes, default: 20 }),
  handoverMinutes: Type.Number({ ...RANGES.handoverMinutes, default: 2 }),
  reworkHours: Type.Number({ ...RANGES.reworkHours, default: 24 }),
  reviewMinutes: Type.Number({ ...RANGES.reviewMinutes, default: 60 }),
  resolutionHours: Type.Object(
    Object.fromEntries(
      DAMAGE_CLASSES.filter((entry) => entry.alerts).map((entry) => [
        entry.name,
        Type.Optional(Type.Number(RANGES.resolutionHours)),
      ]),
    ),
    { additionalProperties: false, default: {}, description: 'hours to repair, by damage class' },
  ),
  count: section({
    response: Type.Union(Count.anyOf, { default: 'always' }),
    sceneLook: Type.Union(Count.anyOf, { default: 'always' }),
    resolution: Type.Union(Count.anyOf, { default: 'always' }),
    rework: Type.Union(Count.anyOf, { default: 'always' }),
    review: Type.Union(Count.anyOf, { default: 'always' }),
  }),
  escalation: section({
    deadline: Ladder(['50', '80', '100', '150'], {
      '50': ['unit'],
      '80': ['unit', 'operator'],
      '100': ['unit', 'operator', 'shift_lead'],
      '150': ['unit', 'shift_lead', 'admin'],
    }),
    sceneLook: Ladder(['100'], { '100': ['operator'] }),
    handover: Ladder(['50', '80', '100', '150'], {
      '50': ['operator'],
      '80': ['operator'],
      '100': ['operator', 'shift_lead'],
      '150': ['shift_lead', 'admin'],
    }),
    review: Ladder(['100', '150'], {
      '100': ['operator', 'inspector'],
      '150': ['shift_lead', 'inspector'],
    }),
    suspension: Ladder(['100'], { '100': ['shift_lead'] }),
    undelivered: Audience(['unit', 'operator', 'shift_lead']),
    inspectionFailed: Audience(['operator', 'inspector', 'shift_lead']),
    inspectionUndecided: Audience(['operator', 'inspector']),
    nobodyThere: Audience(['unit', 'shift_lead']),
    extensionAsked: Audience(['shift_lead']),
  }),
  countByClass: Type.Object(
    Object.fromEntries(
      DAMAGE_CLASSES.filter((entry) => entry.alerts).map((entry) => [
        entry.name,
        Type.Optional(
          Type.Object(
            {
              response: Type.Optional(Count),
              sceneLook: Type.Optional(Count),
              resolution: Type.Optional(Count),
              rework: Type.Optional(Count),
              review: Type.Optional(Count),
            },
            { additionalProperties: false },
          ),
        ),
      ]),
    ),
    { additionalProperties: false, default: {}, description: 'which time counts, by damage class' },
  ),
});

export const CalendarSection = section({
  hours: Type.Array(Type.String({ maxLength: 20 }), {
    maxItems: 12,
    default: ['08:30-12:00', '13:30-17:30'],
  }),
  weekdays: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { maxItems: 7, default: [1, 2, 3, 4, 5] }),
  holidays: Type.Array(Type.String({ maxLength: 30 }), { maxItems: 1000, default: [] }),
  workdays: Type.Array(Type.String({ maxLength: 30 }), { maxItems: 1000, default: [] }),
});
