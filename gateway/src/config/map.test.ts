import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseConfig } from './config.ts';

function problemOf(content: string | Buffer | null, key: 'file' | 'gridFile' = 'file'): string {
  const folder = mkdtempSync(join(tmpdir(), 'roadwatch-map-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  if (content !== null) writeFileSync(join(folder, 'city'), content);
  const config = JSON.stringify({ dataDir: 'data', map: { [key]: 'city' } });
  try {
    parseConfig(config, join(folder, 'gateway.yaml'));
    return '';
  } catch (error) {
    return (error as Error).message.replaceAll(folder, '');
  }
}

const point = (longitude: number, latitude: number): string =>
  JSON.stringify({ type: 'Point', coordinates: [longitude, latitude] });

test.each([
  [
    'a file of 50 MB',
    ' '.repeat(50_000_000),
    'map.file: /city has 50000000 bytes, more than 16777216; make PMTiles of it',
  ],
  ['a file that is not there', null, 'map.file: /city cannot be read (ENOENT)'],
  ['a picture', Buffer.from([0xff, 0xd8, 0xff]), 'map.file: /city is neither PMTiles nor valid JSON'],
  ['a point in Null Island', point(0, 0), 'map.file: coordinates: [0,0] is in the sea'],
  ['latitude before longitude', point(30.2, 120.2), 'map.file: coordinates: [30.2,120.2] is not allowed'],
  ['a cut-off archive', Buffer.from('PMTiles'), 'map.file: /city is no PMTiles archive'],
  [
    'an archive of version 2',
    Buffer.concat([Buffer.from('PMTiles\u0002'), Buffer.alloc(200)]),
    'is PMTiles of version 2; expected 3',
  ],
])('%s is refused by name', (_name, content, sentence) => expect(problemOf(content)).toContain(sentence));

test('the grid is checked as the base map is, and both may be good', () => {
  expect(problemOf(point(0, 0), 'gridFile')).toContain('map.gridFile: coordinates: [0,0]');
  expect(problemOf(point(120.2, 30.2), 'gridFile')).toBe('');
});
