import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DamageClass, Position } from '@roadwatch/contract';
import { expect, test } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import { unitFor } from '../../src/orders/units.ts';
import { testGateway } from '../../testing/gateway.ts';

const name = { en: 'x', zh: 'x' };
const square = (west: number, south: number, size: number) => ({
  type: 'Polygon',
  coordinates: [
    [
      [west, south],
      [west + size, south],
      [west + size, south + size],
      [west, south + size],
      [west, south],
    ],
  ],
});
const UNITS = [
  { id: 'city', name, default: true },
  { id: 'cracks', name, classes: ['transverse_crack', 'longitudinal_crack'] },
  { id: 'binjiang', name, area: square(120, 30, 0.5) },
  { id: 'binjiang-holes', name, area: square(120, 30, 0.5), classes: ['pothole'] },
  { id: 'too-late', name, area: square(120, 30, 0.5) },
];
const INSIDE = { latitude: 30.2, longitude: 120.2 };
const OUTSIDE = { latitude: 31.2, longitude: 120.2 };

test.each<[DamageClass, Position | null, string]>([
  ['pothole', INSIDE, 'binjiang-holes'],
  ['anomaly', INSIDE, 'binjiang'],
  ['transverse_crack', INSIDE, 'binjiang'],
  ['transverse_crack', OUTSIDE, 'cracks'],
  ['transverse_crack', null, 'cracks'],
  ['pothole', OUTSIDE, 'city'],
  ['pothole', null, 'city'],
])('%s at %j goes to %s', (damage_class, position, expected) => {
  const config = parseConfig(JSON.stringify({ dataDir: 'x', units: UNITS }), '/etc/gateway.yaml');
  const { latitude = null, longitude = null } = position ?? {};
  expect(unitFor(config, { damage_class, latitude, longitude })).toBe(expected);
});

test('an area may lie in a file beside the configuration, and whatever is wrong with it is said', () => {
  const folder = mkdtempSync(join(tmpdir(), 'roadwatch-'));
  writeFileSync(join(folder, 'good.geojson'), JSON.stringify(square(120, 30, 0.5)));
  writeFileSync(join(folder, 'bad.geojson'), '{"type":"Polygon","coordinates":[[[1,2]]]}');
  writeFileSync(join(folder, 'text.geojson'), 'POLYGON');
  const read = (unit: object) =>
    parseConfig(
      JSON.stringify({ dataDir: 'x', units: [{ id: 'a', name, ...unit }] }),
      join(folder, 'gateway.yaml'),
    );
  expect(read({ areaFile: 'good.geojson' }).areas.has('a')).toBe(true);
  expect(() => read({ areaFile: 'bad.geojson' })).toThrow(
    'units[0].areaFile: coordinates[0]: expected a list of',
  );
  expect(() => read({ areaFile: 'text.geojson' })).toThrow('is not valid JSON');
  expect(() => read({ areaFile: 'none.geojson' })).toThrow('cannot be read (ENOENT)');
  expect(() => read({ areaFile: 'good.geojson', area: square(1, 1, 1) })).toThrow(
    'give either area or areaFile',
  );
  expect(() => read({ area: [] })).toThrow('units[0].area: type: nothing is not allowed');
  expect(() => read({ classes: ['crater'] })).toThrow('units[0].classes');
});

test('one click sends the ticket to the unit of the place, which the alert names beforehand; a person may choose another', async () => {
  const gateway = await testGateway({ units: UNITS });
  const agent = await gateway.agent();
  const operator = await gateway.operator();
  await agent.report({ camera: 'a', position: INSIDE });
  await agent.report({ camera: 'b', position: INSIDE });
  const { items } = (await operator.get('/api/alerts')).body;
  expect(items).toMatchObject([{ unitId: 'binjiang-holes' }, { unitId: 'binjiang-holes' }]);
  const ticketOf = async (id: string, order: object) =>
    (
      await operator.get(
        `/api/tickets/${(await operator.post(`/api/alerts/${id}/confirm`, order)).body.ticketId}`,
      )
    ).body;
  expect(await ticketOf(items[0].id, {})).toMatchObject({ unit: { id: 'binjiang-holes' } });
  expect(await ticketOf(items[1].id, { unitId: 'cracks' })).toMatchObject({ unit: { id: 'cracks' } });
  const units = (await operator.get('/api/units')).body.items;
  expect(units.filter((unit: { default: boolean }) => unit.default)).toMatchObject([{ id: 'city' }]);
  expect(units).toMatchObject(
    expect.arrayContaining([
      expect.objectContaining({ id: 'cracks', classes: ['transverse_crack', 'longitudinal_crack'] }),
    ]),
  );
});
