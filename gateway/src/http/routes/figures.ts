/** Figures of a period for the bureau: the whole city, or a unit's own. */
import { DamageClass, Slug } from '@roadwatch/contract';
import { CivilDate, FIGURE_GROUPINGS, FIGURE_STEPS, FigureReport, OneOf } from '@roadwatch/contract/api';
import { type Static, Type } from 'typebox';
import { recordExport } from '../../exports/record.ts';
import { monthOf } from '../../figures/period.ts';
import type { Question } from '../../figures/report.ts';
import { Reports } from '../../figures/reports.ts';
import { figureTable } from '../../figures/table.ts';
import type { User } from '../../identity/users.ts';
import { languageOf } from '../../language.ts';
import { Refusal } from '../../refusal.ts';
import { EVERYBODY } from '../access.ts';
import { answerOf, PlainText } from '../answers.ts';
import { actorOf, userOfRequest } from '../guard.ts';
import type { GatewayParts } from '../route-context.ts';
import type { Server } from '../server.ts';

const Query = Type.Object({
  from: Type.Optional(CivilDate),
  to: Type.Optional(CivilDate),
  by: OneOfOr(FIGURE_GROUPINGS, 'time'),
  each: OneOfOr(FIGURE_STEPS, 'day'),
  unit: Type.Optional(Slug),
  class: Type.Optional(DamageClass),
  area: Type.Optional(
    Type.String({ maxLength: 64, description: 'id of a unit; empty: outside of all areas' }),
  ),
  camera: Type.Optional(
    Type.String({ maxLength: 200, description: 'SITE/AGENT/CAMERA; empty: reported by people' }),
  ),
  format: OneOfOr(['json', 'csv'], 'json'),
  lang: Type.Optional(Type.String({ maxLength: 5, description: 'of the table' })),
});

const SHOWN_ROWS = 200;
const TABLE_ROWS = 5_000;

export function figureRoutes(server: Server, { config, store }: GatewayParts): void {
  const reports = new Reports(store, config);

  server.get(
    '/api/figures',
    {
      schema: {
        tags: ['figures'],
        operationId: 'getFigures',
        summary: 'Figures of a period by time, unit, class, area or camera; this month when none is named',
        querystring: Query,
        response: {
          200: answerOf({ 'application/json': FigureReport, 'text/csv': PlainText }),
        },
      },
      config: { access: EVERYBODY, scope: 'export:read', rateLimit: { max: 60, timeWindow: 60_000 } },
    },
    async (request, reply) => {
      const { query } = request;
      const question = questionOf(query, userOfRequest(request), monthOf(store.now(), config.timeZone));
      if (query.format === 'json') return reports.make(question, SHOWN_ROWS);
      // What leaves the house is written down first, or does not leave.
      await recordExport(store, actorOf(request), 'figures', question);
      const report = await reports.make(question, TABLE_ROWS);
      const name = `figures-${report.from}-${report.to}-${report.by}.csv`;
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="${name}"`)
        .send(figureTable(report, languageOf(query.lang, request.headers['accept-language'])));
    },
  );
}

/** A unit sees its own, whatever it asks for. */
function questionOf(
  query: Static<typeof Query>,
  viewer: User,
  month: { from: string; to: string },
): Question {
  const { by, each, class: damageClass, area, camera } = query;
  const unit = viewer.role === 'unit' ? (viewer.unitId ?? '') : query.unit;
  if ((query.from === undefined) !== (query.to === undefined))
    throw new Refusal('fields_invalid', 'from, to: one of them is missing; expected both or none');
  return {
    from: query.from ?? month.from,
    to: query.to ?? month.to,
    by,
    each,
    ...(unit === undefined ? {} : { unit }),
    ...(damageClass === undefined ? {} : { damageClass }),
    ...(area === undefined ? {} : { area }),
    ...(camera === undefined ? {} : { camera }),
  };
}

function OneOfOr<const Words extends readonly string[]>(words: Words, fallback: Words[number]) {
  return Type.Unsafe<Words[number]>({ ...OneOf(words), default: fallback });
}
