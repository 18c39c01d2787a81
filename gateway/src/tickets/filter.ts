/** Which tickets a list is of: each field narrows it, and what is left out does not. */
import type { DamageClass } from '@roadwatch/contract';
import type { TicketLane, TicketState } from '@roadwatch/contract/api';
import { type Kysely, type SelectQueryBuilder, sql } from 'kysely';
import { likeText } from '../store/like.ts';
import type { Tables } from '../store/tables/index.ts';
import { laneColumn } from './lane.ts';

export interface TicketFilter {
  readonly states?: readonly TicketState[];
  /** Those that are not over. */
  readonly open?: boolean;
  readonly lane?: TicketLane;
  readonly unitId?: string;
  readonly damageClass?: DamageClass;
  /** SITE/AGENT/CAMERA */
  readonly camera?: string;
  /** Those whose next deadline lay before this instant. */
  readonly overdueAt?: number;
  /** Opened from then on, and before then. */
  readonly from?: number;
  readonly to?: number;
  /** In its number, its note, the name of its camera, or what a person said: whatever the case. */
  readonly text?: string;
  readonly ids?: readonly string[];
  /** Degrees; those without a position are not in it. */
  readonly box?: Box;
}

interface Box {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** `cameras`: SITE/AGENT/CAMERA of those that are called what is sought. */
export function filtered<Output>(
  query: SelectQueryBuilder<Tables, 'tickets', Output>,
  db: Kysely<Tables>,
  filter: TicketFilter,
  cameras: readonly string[],
): SelectQueryBuilder<Tables, 'tickets', Output> {
  let found = query;
  if (filter.states !== undefined) found = found.where('tickets.state', 'in', filter.states);
  // As the index of open tickets has it.
  if (filter.open || filter.lane !== undefined) found = found.where('tickets.closed_at', 'is', null);
  if (filter.lane !== undefined) found = found.where(laneColumn(), '=', filter.lane);
  if (filter.unitId !== undefined) found = found.where('tickets.unit_id', '=', filter.unitId);
  if (filter.damageClass !== undefined) found = found.where('tickets.damage_class', '=', filter.damageClass);
  if (filter.camera !== undefined) {
    const [site = '', agent = '', camera = ''] = filter.camera.split('/');
    found = found
      .where('tickets.site', '=', site)
      .where('tickets.agent', '=', agent)
      .where('tickets.camera', '=', camera);
  }
  if (filter.overdueAt !== undefined)
    found = found.where('tickets.closed_at', 'is', null).where('tickets.deadline_at', '<', filter.overdueAt);
  if (filter.from !== undefined) found = found.where('tickets.created_at', '>=', filter.from);
  if (filter.to !== undefined) found = found.where('tickets.created_at', '<', filter.to);
  if (filter.ids !== undefined) found = found.where('tickets.id', 'in', filter.ids);
  if (filter.box !== undefined) {
    const { west, south, east, north } = filter.box;
    found = found
      .where('tickets.longitude', '>=', west)
      .where('tickets.longitude', '<=', east)
      .where('tickets.latitude', '>=', south)
      .where('tickets.latitude', '<=', north);
  }
  return filter.text === undefined ? found : withText(found, db, filter.text, cameras);
}

function withText<Output>(
  query: SelectQueryBuilder<Tables, 'tickets', Output>,
  db: Kysely<Tables>,
  text: string,
  cameras: readonly string[],
): SelectQueryBuilder<Tables, 'tickets', Output> {
  const pattern = `%${likeText(text.toLowerCase())}%`;
  const like = (column: string) => sql<boolean>`lower(${sql.ref(column)}) like ${pattern} escape '\\'`;
  const reports = db
    .selectFrom('citizen_reports')
    .select('alert_id')
    .where((where) =>
      where.or(['number', 'description', 'address'].map((column) => like(`citizen_reports.${column}`))),
    );
  return query.where((where) =>
    where.or([
      like('tickets.number'),
      like('tickets.note'),
      like('tickets.camera'),
      where('tickets.alert_id', 'in', reports),
      ...(cameras.length === 0
        ? []
        : [where(sql<string>`tickets.site || '/' || tickets.agent || '/' || tickets.camera`, 'in', cameras)]),
    ]),
  );
}
