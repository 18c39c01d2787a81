import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { sha256 } from '@roadwatch/contract';
import { expect, onTestFinished, test } from 'vitest';
import { sampleDetection } from '../../testing/agent.ts';
import { testConfig } from '../../testing/config.ts';
import { testStore } from '../../testing/store.ts';
import { ACTOR, alertOf } from '../../testing/ticket.ts';
import { mergeAlert } from '../alerts/merge.ts';
import { rejectAlert } from '../alerts/verdicts.ts';
import { folderEvidenceStore } from '../evidence/store.ts';
import { saveUnits } from '../orders/units.ts';
import { confirmAlert } from '../workflow/confirm.ts';
import { csvLine } from './csv.ts';
import { exportRecords } from './records.ts';
import { exportTraining } from './training.ts';

const ZONE = 'Asia/Shanghai';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'roadwatch-export-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

async function judged() {
  const { store, time } = await testStore();
  const config = testConfig();
  await store.transaction((tx) => saveUnits(tx, config.units));
  const evidence = folderEvidenceStore(folder());
  const report = async (camera: string, position?: { latitude: number; longitude: number }) => {
    const picture = Buffer.from(`picture of ${camera}`);
    const name = sha256(picture);
    await evidence.put(name, picture);
    const row = { sha256: name, content_type: 'image/jpeg', bytes: picture.length, stored_at: time.now };
    await store.transaction((tx) => tx.db.insertInto('evidence').values(row).execute());
    const capturedAt = '2026-11-23T08:15:30.250Z';
    const still = {
      name: 'still.jpg',
      kind: 'still',
      contentType: 'image/jpeg',
      sha256: name,
      bytes: 9,
      capturedAt,
    } as const;
    const detection = sampleDetection({ camera, evidence: [still], ...(position ? { position } : {}) });
    return alertOf(store, config.alerts, detection);
  };
  const confirmed = await report('a', { latitude: 30.2, longitude: 120.2 });
  await confirmAlert(store, config, confirmed, { note: '=HYPERLINK("http://x")' }, ACTOR);
  const shadow = await report('b');
  await rejectAlert(store, shadow, { reason: 'shadow_or_water' }, ACTOR);
  await rejectAlert(store, await report('c'), { reason: 'too_small' }, ACTOR);
  await report('d');
  return { store, evidence, confirmed, shadow, report };
}

test('judged alerts become a training set: confirmed as boxes, rejected as pictures without, the unclear left out', async () => {
  const { store, evidence, confirmed, shadow } = await judged();
  const path = folder();
  expect(await exportTraining(store, evidence, path)).toEqual({ pictures: 2, boxes: 1, withoutPicture: 0 });
  expect(readdirSync(join(path, 'images')).sort()).toEqual([`${confirmed}.jpg`, `${shadow}.jpg`].sort());
  const read = (name: string) => readFileSync(join(path, name), 'utf8');
  expect(read(`labels/${confirmed}.txt`)).toBe('3 0.450000 0.625000 0.100000 0.050000\n');
  expect(read(`labels/${shadow}.txt`)).toBe('');
  expect(read('classes.txt').split('\n')[3]).toBe('pothole');
  expect(read('judgements.csv')).toContain('rejected,pothole,shadow_or_water');
  const coco = JSON.parse(read('annotations.json'));
  expect(coco.annotations).toMatchObject([{ image_id: 1, category_id: 4, bbox: [768, 648, 192, 54] }]);
});

test('what was merged into a confirmed alert is another picture of it', async () => {
  const { store, evidence, confirmed, report } = await judged();
  const part = await report('e', { latitude: 30.2, longitude: 120.2001 });
  await mergeAlert(store, part, confirmed, ACTOR);
  const path = folder();
  expect(await exportTraining(store, evidence, path)).toMatchObject({ pictures: 3, boxes: 2 });
  expect(readFileSync(join(path, 'images', `${part}.jpg`), 'utf8')).toBe('picture of e');
  expect(readFileSync(join(path, 'images', `${confirmed}.jpg`), 'utf8')).toBe('picture of a');
  expect(readFileSync(join(path, 'judgements.csv'), 'utf8')).toContain(`${part},confirmed,pothole`);
});

test('alerts as GeoJSON: longitude first, and null where the place is not known', async () => {
  const { store } = await judged();
  const { features } = JSON.parse(await text(Readable.from(exportRecords(store, 'alerts', 'geojson', ZONE))));
  expect(features.map((feature: { geometry: unknown }) => feature.geometry)).toEqual([
    { type: 'Point', coordinates: [120.2, 30.2] },
    null,
    null,
    null,
  ]);
});

test('tickets as CSV open in a spreadsheet, with no text taken for a formula', async () => {
  const { store } = await judged();
  const lines = (await text(Readable.from(exportRecords(store, 'tickets', 'csv', ZONE)))).split('\r\n');
  expect(lines[0]).toMatch(/^\uFEFFid,number,state,damageClass,damageClassZh,camera/);
  expect(lines[1]).toMatch(/,filed,pothole,坑槽,binjiang\/edge-1\/a,30.2,120.2,/);
  expect(lines[1]).toContain(`"'=HYPERLINK(""http://x"")"`);
  expect(csvLine(['a,b', 'line\nline', null, -3])).toBe('"a,b","line\nline",,-3\r\n');
});

test.each(['alerts', 'tickets'] as const)('an export of no %s still has its columns', async (kind) => {
  const { store } = await testStore();
  const csv = await text(Readable.from(exportRecords(store, kind, 'csv', ZONE)));
  expect(csv).toMatch(/^\uFEFFid,[^\n]*createdAt[^\n]*\r\n$/);
  const map = JSON.parse(await text(Readable.from(exportRecords(store, kind, 'geojson', ZONE))));
  expect(map).toEqual({ type: 'FeatureCollection', features: [] });
});

test('times are on the clocks of the city, with the offset, as the numbers of tickets are', async () => {
  const { store } = await judged();
  const [row] = await store.db.selectFrom('tickets').select(['number', 'created_at']).execute();
  for (const [zone, offset] of [
    ['Asia/Shanghai', '+08:00'],
    ['America/St_Johns', '-03:30'],
    ['UTC', '+00:00'],
  ] as const) {
    const [, line = ''] = (await text(Readable.from(exportRecords(store, 'tickets', 'csv', zone)))).split(
      '\r\n',
    );
    const told = line.split(',')[8] as string;
    expect(told.endsWith(offset)).toBe(true);
    expect(Date.parse(told)).toBe(row?.created_at);
  }
  const [, line = ''] = (await text(Readable.from(exportRecords(store, 'tickets', 'csv', ZONE)))).split(
    '\r\n',
  );
  expect(row?.number).toContain((line.split(',')[8] as string).slice(0, 10).replaceAll('-', ''));
});

/** OWASP, "CSV Injection": the characters that begin a formula, and where they hide. */
test.each([
  '=',
  '+',
  '-',
  '@',
  '\t',
  '\r',
  '\n',
  '＝',
  '＋',
  '－',
  '＠',
  '\n=',
  ' =',
  '\u3000＝',
  '\u200b=',
  '\u00a0+',
])('a text that begins with %j is no formula', (start) => {
  const [field = ''] = csvLine([`${start}cmd|' /C calc'!A0`])
    .split('\r\n')
    .slice(0, 1);
  expect(field.replace(/^"/, '').startsWith("'")).toBe(true);
});
