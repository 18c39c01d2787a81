/** A city for the map: streets of its own making, and as many cameras along them as a test wants, written where agents' would be. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CameraState, newId, sha256, timestamp, WIRE_VERSION } from '@roadwatch/contract';
import { pino } from 'pino';
import { readConfig } from '../../../gateway/src/config/config.ts';
import { openStore } from '../../../gateway/src/main.ts';

const CENTRE = { longitude: 120.21, latitude: 30.2 };
const ROADS = [
  'Binsheng',
  'Wentao',
  'Jianghui',
  'Jiangnan',
  'Chunbo',
  'Shuidian',
  'Xixing',
  'Changhe',
] as const;
const ROADS_ZH = ['滨盛', '闻涛', '江晖', '江南', '春波', '水电', '西兴', '长河'] as const;
const SPACING = 0.0045;
const REACH = 0.038;
const CAMERAS_OF_AN_AGENT = 50;
/** Rows of one statement. */
const BATCH = 500;

interface Street {
  readonly name: { readonly en: string; readonly zh: string };
  readonly isMain: boolean;
  at(along: number): readonly [longitude: number, latitude: number];
}

/** Twice as many along as across; `along` from 0 to 1. */
const STREETS: readonly Street[] = Array.from({ length: 34 }, (_, n) => {
  const across = n % 2 === 1;
  const line = Math.floor(n / 2) - 8;
  const index = n % ROADS.length;
  const suffix = n >= ROADS.length ? ` ${Math.floor(n / ROADS.length) + 1}` : '';
  return {
    name: { en: `${ROADS[index]} Road${suffix}`, zh: `${ROADS_ZH[index]}路${suffix}` },
    isMain: line % 4 === 0,
    at: (along: number) => {
      const way = (along * 2 - 1) * REACH;
      const bend = Math.sin(along * 3 + line) * 0.0012;
      const aside = line * SPACING + bend;
      return across
        ? ([CENTRE.longitude + aside * 1.1, CENTRE.latitude + way] as const)
        : ([CENTRE.longitude + way * 1.1, CENTRE.latitude + aside] as const);
    },
  };
});

/** A file as a city's own base map would be, until it is ended. */
export async function cityMapFile() {
  const folder = await mkdtemp(join(tmpdir(), 'roadwatch-city-'));
  const file = join(folder, 'city.geojson');
  await writeFile(file, cityMap());
  return { file, end: () => rm(folder, { recursive: true, force: true }) };
}

function cityMap(): string {
  const line = (points: readonly (readonly [number, number])[]) => ({
    type: 'LineString',
    coordinates: points,
  });
  const roads = STREETS.map((street) => ({
    type: 'Feature',
    properties: { name: street.name.zh, kind: street.isMain ? 'primary' : 'residential' },
    geometry: line(Array.from({ length: 25 }, (_, step) => street.at(step / 24))),
  }));
  const bank = (shift: number): (readonly [number, number])[] =>
    Array.from({ length: 25 }, (_, step) => [
      CENTRE.longitude - 0.06 + step * 0.005,
      CENTRE.latitude + 0.045 + shift + Math.sin(step / 5) * 0.008,
    ]);
  const ring = [...bank(0), ...bank(0.018).toReversed()];
  const river = {
    type: 'Feature',
    properties: { name: '钱塘江', kind: 'water' },
    geometry: { type: 'Polygon', coordinates: [[...ring, ring[0]]] },
  };
  const square = (west: number, south: number, size: number) => [
    [west, south],
    [west + size, south],
    [west + size, south + size],
    [west, south + size],
    [west, south],
  ];
  const parks = [
    [120.196, 30.206],
    [120.222, 30.189],
    [120.232, 30.214],
  ].map(([west = 0, south = 0]) => ({
    type: 'Feature',
    properties: { kind: 'park' },
    geometry: { type: 'Polygon', coordinates: [square(west, south, 0.004)] },
  }));
  return JSON.stringify({ type: 'FeatureCollection', features: [river, ...parks, ...roads] });
}

export interface CityCamera {
  readonly agent: string;
  readonly camera: string;
  readonly name: { readonly en: string; readonly zh: string };
  readonly position: { readonly latitude: number; readonly longitude: number };
}

/** The nth camera of the city; the same each time. */
export function cityCamera(n: number): CityCamera {
  const street = STREETS[(n * 7) % STREETS.length] as Street;
  // The golden ratio spreads any number of them evenly.
  const [longitude, latitude] = street.at((n * 0.618_034) % 1);
  return {
    agent: `edge-${Math.floor(n / CAMERAS_OF_AN_AGENT)}`,
    camera: `cam-${n}`,
    name: { en: `${street.name.en}, no. ${n}`, zh: `${street.name.zh}${n}号` },
    position: { latitude, longitude },
  };
}

/** Writes cameras into the store of a gateway, which may be running. Every 40th does not see, every 25th sees badly. */
export async function addCameras(configFile: string, count: number): Promise<void> {
  const store = await openStore(readConfig(configFile), pino({ level: 'silent' }));
  try {
    const at = timestamp(store.now());
    for (let first = 0; first < count; first += BATCH) {
      const rows = Array.from({ length: Math.min(BATCH, count - first) }, (_, index) =>
        rowOf(first + index, at),
      );
      const agents = new Map(rows.map((row) => [row.agent, agentRow(row.agent, at)]));
      await store.transaction(async (tx) => {
        await tx.db
          .insertInto('agents')
          .values([...agents.values()])
          .onConflict((conflict) => conflict.columns(['site', 'agent']).doNothing())
          .execute();
        await tx.db.insertInto('cameras').values(rows).execute();
      });
    }
  } finally {
    await store.close();
  }
}

const SITE = 'binjiang';

function rowOf(n: number, at: string) {
  const { agent, camera, name, position } = cityCamera(n);
  const state: CameraState = {
    v: WIRE_VERSION,
    site: SITE,
    agent,
    camera,
    name,
    state: n % 40 === 7 ? 'covered' : n % 25 === 3 ? 'dark' : 'streaming',
    since: at,
    at,
    lastFrameAt: at,
    lastFrameAgeMs: 40,
    fps: 2,
    drops: 0,
    position,
    headingDegrees: (n * 47) % 360,
    fieldOfViewDegrees: 50 + (n % 5) * 8,
  };
  return {
    site: SITE,
    agent,
    camera,
    condition: state.state,
    state: JSON.stringify(state),
    state_at: Date.parse(at),
    boot_id: null,
    seq: null,
  };
}

function agentRow(agent: string, at: string) {
  const model = { name: 'road-damage-nano', version: '1', sha256: sha256('model') };
  const said = { v: WIRE_VERSION, site: SITE, agent, state: 'online', bootId: newId(), at, startedAt: at };
  const status = JSON.stringify({
    ...said,
    version: '0.1.0',
    model,
    cameras: CAMERAS_OF_AN_AGENT,
    outboxDepth: 0,
  });
  return {
    site: SITE,
    agent,
    secret_hash: sha256(agent),
    registered_at: Date.parse(at),
    status,
    status_at: Date.parse(at),
  };
}
