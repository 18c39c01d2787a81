/** Cameras as people look after them, page by page: how well each sees, how often it saw, how often it is right. */
import type { CameraCondition, CameraState, Thresholds } from '@roadwatch/contract';
import {
  CAMERA_TONE,
  CAMERA_TONES,
  type CameraHealth,
  type CameraHealthPage,
  type CameraTone,
} from '@roadwatch/contract/api';
import { type Kysely, sql } from 'kysely';
import { Refusal } from '../refusal.ts';
import { likeText } from '../store/like.ts';
import type { Tables } from '../store/tables/index.ts';
import { falseAlarms } from './false-alarms.ts';
import { uptimes } from './history.ts';
import { lastPictures } from './last-picture.ts';
import { cameraKey } from './names.ts';
import { type CameraOf, formatAgentName } from './source.ts';

/** Rows looked at in one go, of which those that are asked for are taken. */
const BATCH = 500;

export interface HealthQuery {
  /** In the names or the id. */
  readonly text?: string;
  readonly tone?: CameraTone;
  readonly after?: string;
  readonly limit: number;
}

/** What is known of the boxes, by SITE/AGENT. */
export interface Boxes {
  /** Those that are there. */
  readonly online: ReadonlySet<string>;
  /** Those that have said how they are. */
  readonly known: ReadonlySet<string>;
  /** Of their models. */
  readonly thresholds: ReadonlyMap<string, Thresholds>;
}

type Row = CameraOf & { readonly state: string | null; readonly condition: CameraCondition | null };

/** A page, without what has become of the cameras' settings. Throws Refusal. */
export async function cameraHealth(
  db: Kysely<Tables>,
  query: HealthQuery,
  boxes: Boxes,
  now: number,
): Promise<Omit<CameraHealthPage, 'items'> & { readonly items: readonly Omit<CameraHealth, 'settings'>[] }> {
  const found = await matching(db, query, boxes);
  const rows = found.slice(0, query.limit);
  const last = rows.at(-1);
  const [figures, pictures, counts] = await Promise.all([
    cameraFigures(db, rows, now),
    lastPictures(db, rows),
    countsOf(db, boxes),
  ]);
  return {
    items: rows.map((row) => ({
      ...shown(row, boxes),
      picture: pictures.get(cameraKey(row)) ?? null,
      figures: figures(row),
    })),
    next: found.length > query.limit && last !== undefined ? cameraKey(last) : null,
    counts,
  };
}

/** Of each of these cameras. */
export async function cameraFigures(db: Kysely<Tables>, cameras: readonly CameraOf[], now: number) {
  const [uptime, judged] = await Promise.all([uptimes(db, cameras, now), falseAlarms(db, cameras, now)]);
  return (of: CameraOf) => {
    const { day = null, week = null } = uptime.get(cameraKey(of)) ?? {};
    return { uptimeDay: day, uptimeWeek: week, judged: 0, rejected: 0, ...judged.get(cameraKey(of)) };
  };
}

/** The camera's own, where it has some, over its model's. */
export function thresholdsOf(of: CameraOf, own: Thresholds | undefined, boxes: Boxes): Thresholds {
  const models = boxes.thresholds.get(formatAgentName(of)) ?? {};
  const raised = Object.entries(own ?? {}).map(([name, value]) => [
    name,
    Math.max(value, models[name as keyof Thresholds] ?? 0),
  ]);
  return { ...models, ...Object.fromEntries(raised) };
}

/** What a camera last did holds only while its box is there to say otherwise. */
function stateNow(of: CameraOf, said: CameraCondition | null, boxes: Boxes): CameraCondition | 'unknown' {
  const agent = formatAgentName(of);
  return boxes.online.has(agent) || !boxes.known.has(agent) ? (said ?? 'starting') : 'unknown';
}

function shown(row: Row, boxes: Boxes) {
  const { site, agent, camera } = row;
  const said = row.state === null ? null : (JSON.parse(row.state) as CameraState);
  return {
    ...{ site, agent, camera, name: said?.name ?? { en: camera, zh: camera } },
    state: stateNow(row, row.condition, boxes),
    online: boxes.online.has(formatAgentName(row)),
    ...(said?.reason === undefined ? {} : { reason: said.reason }),
    ...(said?.code === undefined ? {} : { code: said.code }),
    ...(said?.faults === undefined ? {} : { faults: said.faults }),
    lastFrameAt: said?.lastFrameAt ?? null,
    ...(said === null ? {} : { fps: said.fps }),
    ...(said?.width === undefined ? {} : { width: said.width }),
    ...(said?.height === undefined ? {} : { height: said.height }),
    thresholds: thresholdsOf(row, said?.thresholds, boxes),
  };
}

/** One more than a page has, in the order of their keys. */
async function matching(db: Kysely<Tables>, query: HealthQuery, boxes: Boxes): Promise<readonly Row[]> {
  const found: Row[] = [];
  for (let after = query.after === undefined ? null : keyIn(query.after); found.length <= query.limit; ) {
    const rows = await rowsAfter(db, after, query.text);
    found.push(...rows.filter((row) => matches(row, query, boxes)));
    const last = rows.at(-1);
    if (rows.length < BATCH || last === undefined) break;
    after = last;
  }
  return found.slice(0, query.limit + 1);
}

function keyIn(token: string): CameraOf {
  const [site, agent, camera, ...rest] = token.split('/');
  if (site === undefined || agent === undefined || camera === undefined || rest.length > 0)
    throw new Refusal('page_key_invalid', 'after: not a value that `next` gave');
  return { site, agent, camera };
}

function rowsAfter(db: Kysely<Tables>, after: CameraOf | null, text = ''): Promise<Row[]> {
  let query = db.selectFrom('cameras').select(['site', 'agent', 'camera', 'state', 'condition']);
  if (after !== null)
    query = query.where(
      sql<boolean>`(site, agent, camera) > (${after.site}, ${after.agent}, ${after.camera})`,
    );
  if (text !== '') {
    const like = `%${likeText(text.toLowerCase())}%`;
    query = query.where(
      sql<boolean>`(lower(state) like ${like} escape '\\' or site || '/' || agent || '/' || camera like ${like} escape '\\')`,
    );
  }
  return query.orderBy('site').orderBy('agent').orderBy('camera').limit(BATCH).execute();
}

function matches(row: Row, { text = '', tone }: HealthQuery, boxes: Boxes): boolean {
  if (tone !== undefined && CAMERA_TONE[stateNow(row, row.condition, boxes)] !== tone) return false;
  if (text === '') return true;
  const name = row.state === null ? null : (JSON.parse(row.state) as CameraState).name;
  return `${cameraKey(row)}\n${name?.en ?? ''}\n${name?.zh ?? ''}`.toLowerCase().includes(text.toLowerCase());
}

async function countsOf(db: Kysely<Tables>, boxes: Boxes): Promise<CameraHealthPage['counts']> {
  const rows = await db
    .selectFrom('cameras')
    .select(({ fn }) => ['site', 'agent', 'condition', fn.countAll().as('count')])
    .groupBy(['site', 'agent', 'condition'])
    .execute();
  const counts = {
    all: 0,
    streaming: 0,
    ...Object.fromEntries(CAMERA_TONES.map((tone) => [tone, 0])),
  } as Record<'all' | 'streaming' | CameraTone, number>;
  for (const { count, condition, ...of } of rows) {
    const state = stateNow({ ...of, camera: '' }, condition, boxes);
    counts.all += Number(count);
    counts[CAMERA_TONE[state]] += Number(count);
    if (state === 'streaming') counts.streaming += Number(count);
  }
  return counts;
}
