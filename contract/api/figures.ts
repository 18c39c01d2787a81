/** What the bureau is told of a period: figures, what they are counted from, and how they stood before. */
import { type Static, Type } from 'typebox';
import { BilingualText } from '../damage-class.ts';
import { ListOf, Named, OneOf, OrNull } from './shapes.ts';
import { FIGURE_GROUPINGS, FIGURE_STEPS, FIGURES } from './vocabulary.ts';

/** A day on the city's calendar. */
export const CivilDate = Type.String({
  pattern: '^[12]\\d{3}-\\d\\d-\\d\\d$',
  description: 'a day in the time zone of the city, such as 2026-11-23',
});

const Figure = Type.Object(
  {
    value: OrNull(Type.Number({ minimum: 0 }), {
      description:
        'a count, a share from 0 to 1, or milliseconds; null when there is nothing to reckon it from',
    }),
    of: Type.Integer({ minimum: 0, description: 'how many alerts or tickets it is reckoned from' }),
  },
  { title: 'Figure' },
);
export type Figure = Static<typeof Figure>;

export const FigureSet = Named(
  'FigureSet',
  Object.fromEntries(FIGURES.map((name) => [name, Figure])) as Record<
    (typeof FIGURES)[number],
    typeof Figure
  >,
);
export type FigureSet = Static<typeof FigureSet>;

const Span = Named('FigureSpan', { from: CivilDate, to: CivilDate }, { description: 'both days included' });
export type FigureSpan = Static<typeof Span>;

export const FigureRow = Named('FigureRow', {
  key: Type.String({
    description: 'the first day of a part of the period, or an id; empty: none or unknown',
  }),
  name: BilingualText,
  figures: FigureSet,
  before: OrNull(FigureSet, { description: 'of the period before; null for a part of the period' }),
  yearBefore: OrNull(FigureSet, { description: 'of the same days a year before' }),
  rank: OrNull(Type.Integer({ minimum: 1 }), {
    description: 'of a unit: by tickets closed on time, then answered in time, then fewer done again',
  }),
});
export type FigureRow = Static<typeof FigureRow>;

export const FigureReport = Named('FigureReport', {
  ...Span.properties,
  timeZone: Type.String(),
  until: OrNull(Type.String({ format: 'date-time' }), {
    description:
      'a period that is not over is counted until now, and those before it as far as they were then',
  }),
  by: OneOf(FIGURE_GROUPINGS),
  each: OneOf(FIGURE_STEPS),
  before: Span,
  yearBefore: Span,
  total: FigureRow,
  rows: ListOf(FigureRow),
  omitted: Type.Integer({ minimum: 0, description: 'rows beyond those that are listed' }),
});
export type FigureReport = Static<typeof FigureReport>;
