/** What the map is told: everything once, then what has changed, in the datum of the ground below. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toGcj02 } from '@roadwatch/contract';
import { expect, onTestFinished, test } from 'vitest';
import { testGateway } from '../../testing/gateway.ts';
import { sampleCameraState, sampleStatus } from '../../testing/status.ts';

const PLACE = { latitude: 30.2084, longitude: 120.212 };
const SQUARE = {
  type: 'Polygon',
  coordinates: [
    [
      [120.2, 30.2],
      [120.22, 30.2],
      [120.22, 30.22],
      [120.2, 30.2],
    ],
  ],
};

function file(name: string, content: string | Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'roadwatch-map-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

async function fieldAgent(gateway: Awaited<ReturnType<typeof testGateway>>) {
  const agent = await gateway.agent();
  const say = (state: Parameters<typeof sampleCameraState>[0] = {}) =>
    agent.deliver(
      agent.topics.cameraState('binsheng-road'),
      JSON.stringify(
        sampleCameraState({ position: PLACE, headingDegrees: 90, fieldOfViewDegrees: 60, ...state }),
      ),
    );
  await agent.send(agent.topics.status, JSON.stringify(sampleStatus()));
  return { agent, say };
}

test('cameras, waiting alerts and open tickets are on the map; later only what has changed is sent', async () => {
  const gateway = await testGateway();
  const { agent, say } = await fieldAgent(gateway);
  const operator = await gateway.operator();
  await say();
  await agent.report({ position: PLACE });
  const whole = await operator.until(
    '/api/map?language=zh',
    (map) => map.alerts.length > 0 && map.cameras.length > 0,
  );
  expect(whole).toMatchObject({
    whole: true,
    datum: 'wgs84',
    offline: [],
    tickets: [],
    gone: [],
    more: false,
  });
  const key = 'binjiang/edge-1/binsheng-road';
  expect(whole.cameras).toEqual([[key, '滨盛路', 120.212, 30.2084, 'streaming', 90, 60]]);
  expect(whole.alerts).toMatchObject([{ damageClass: 'pothole', ...PLACE, state: 'new' }]);
  const since = (seq: number, wanted: Parameters<typeof operator.until>[1]) =>
    operator.until(`/api/map?since=${seq}`, wanted);

  await operator.dispatch();
  const dispatched = await since(whole.seq, (map) => map.tickets[0]?.state === 'dispatched');
  expect(dispatched).toMatchObject({ whole: false, cameras: [], gone: [whole.alerts[0].id] });
  expect(dispatched.tickets).toMatchObject([{ ...PLACE, clock: { kind: 'response' } }]);

  await say({ state: 'covered' });
  const covered = await since(dispatched.seq, (map) => map.cameras.length > 0);
  expect(covered).toMatchObject({ cameras: [{ 0: key, 4: 'covered' }], alerts: [], tickets: [], gone: [] });

  await agent.send(agent.topics.status, JSON.stringify(sampleStatus({ state: 'offline' })));
  await since(covered.seq, (map) => map.offline[0] === 'binjiang/edge-1' && map.cameras.length === 0);
  expect((await operator.get('/api/map?since=999999')).body.whole).toBe(true);
});

test('on a ground in GCJ-02 everything lies in GCJ-02; the grid and the areas of units are brought there', async () => {
  const gateway = await testGateway({
    map: {
      file: file('city.geojson', JSON.stringify(SQUARE)),
      datum: 'gcj02',
      gridFile: file('g.json', JSON.stringify(SQUARE)),
    },
    units: [
      { id: 'north', name: { en: 'North', zh: '北区' }, default: true },
      { id: 'south', name: { en: 'South', zh: '南区' }, area: SQUARE },
    ],
  });
  const { say } = await fieldAgent(gateway);
  const operator = await gateway.operator();
  await say();
  const { cameras } = await operator.until('/api/map', (map) => map.cameras.length > 0);
  const shown = toGcj02(PLACE);
  expect(cameras[0].slice(2, 4)).toEqual([
    Number(shown.longitude.toFixed(6)),
    Number(shown.latitude.toFixed(6)),
  ]);
  const ground = (await operator.get('/api/map/ground')).body;
  expect(ground).toMatchObject({
    datum: 'gcj02',
    base: 'geojson',
    grid: true,
    areas: true,
    bounds: [120.2, 30.2, 120.22, 30.22],
  });
  const first = async (name: string) => {
    const { body } = await operator.get(`/api/map/ground/${name}`);
    return {
      ...body.features[0].properties,
      corner: body.features[0].geometry.coordinates.flat(2).slice(0, 2),
    };
  };
  expect(await first('base')).toEqual({ corner: [120.2, 30.2] });
  const corner = toGcj02({ longitude: 120.2, latitude: 30.2 });
  const there = [Number(corner.longitude.toFixed(6)), Number(corner.latitude.toFixed(6))];
  expect((await first('grid')).corner).toEqual(there);
  const south = await first('areas');
  expect(south).toMatchObject({ unit: 'south', en: 'South', zh: '南区' });
});

test('tiles are sent in parts, and a browser that has them is told so', async () => {
  const head = Buffer.alloc(200);
  head.write('PMTiles', 'latin1');
  head[7] = 3;
  head[99] = 1;
  for (const [index, degrees] of [119, 29, 121, 31].entries())
    head.writeInt32LE(degrees * 1e7, 102 + 4 * index);
  const gateway = await testGateway({ map: { file: file('city.pmtiles', head) } });
  const operator = await gateway.operator();
  expect((await operator.get('/api/map/ground')).body).toMatchObject({
    base: 'pmtiles',
    bounds: [119, 29, 121, 31],
  });
  const ask = (headers: Record<string, string>) =>
    fetch(new URL('/api/map/ground/base', gateway.url), { headers: { ...operator.headers, ...headers } });
  const part = await ask({ range: 'bytes=0-6' });
  expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
    206,
    'bytes 0-6/200',
    'PMTiles',
  ]);
  const etag = part.headers.get('etag') as string;
  expect((await ask({ 'if-none-match': etag })).status).toBe(304);
  expect((await ask({ range: 'bytes=500-' })).status).toBe(416);
  expect((await operator.get('/api/map/ground/grid')).status).toBe(404);
});

test('a unit has no map of the city', async () => {
  const gateway = await testGateway();
  const unit = await gateway.operator('unit', 'unit', 'road-maintenance');
  expect((await unit.get('/api/map')).status).toBe(403);
});
