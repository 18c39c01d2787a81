/** A page with the figures, and a picture of every miss and every false alarm. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Judgement } from './judge.ts';
import type { PlayedScenario } from './play.ts';
import type { ScenarioSummary } from './summary.ts';

const PICTURE_WIDTH = 960;

export async function writeReport(
  dir: string,
  summary: ScenarioSummary,
  judgements: readonly Judgement[],
  played: readonly PlayedScenario[],
): Promise<string> {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'report.json'), `${JSON.stringify({ summary, judgements }, null, 1)}\n`);
  const figures: string[] = [];
  for (const [i, judgement] of judgements.entries()) {
    const scenario = played[i] as PlayedScenario;
    for (const { damage, kind, visibleSeconds } of judgement.missed) {
      const picture = scenario.pictures.get(damage);
      const box = scenario.truthAt(lastSight(scenario, damage)).find(({ id }) => id === damage)?.box;
      const text = `${scenario.name}: missed ${damage} (${kind}), to be seen for ${Math.round(visibleSeconds)} s`;
      figures.push(figure(text, picture && (await withBox(picture, box))));
    }
    for (const alarm of judgement.falseAlarms) {
      const overlay = alarm.evidence.find(({ kind }) => kind === 'overlay');
      const picture = overlay && scenario.evidence.get(`${alarm.id}/${overlay.name}`);
      const text = `${scenario.name}: false ${alarm.damageClass}, score ${alarm.score.toFixed(2)}`;
      figures.push(figure(text, picture && (await small(picture))));
    }
  }
  const file = join(dir, 'report.html');
  await writeFile(file, page(summary, judgements, figures));
  return file;
}

function lastSight({ seconds, truthAt }: PlayedScenario, damage: string): number {
  for (let at = seconds - 1; at > 0; at--) if (truthAt(at).some(({ id }) => id === damage)) return at;
  return 0;
}

function small(picture: Buffer): Promise<Buffer> {
  return sharp(picture).resize({ width: PICTURE_WIDTH }).jpeg({ quality: 80 }).toBuffer();
}

async function withBox(picture: Buffer, box: readonly number[] | undefined): Promise<Buffer> {
  const resized = await small(picture);
  if (box === undefined) return resized;
  const { width, height } = await sharp(resized).metadata();
  const [x = 0, y = 0, w = 0, h = 0] = box;
  const rectangle = `<rect x="${x * width}" y="${y * height}" width="${w * width}" height="${h * height}"
    fill="none" stroke="#ff2d2d" stroke-width="2"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${rectangle}</svg>`;
  return sharp(resized)
    .composite([{ input: Buffer.from(svg) }])
    .jpeg({ quality: 80 })
    .toBuffer();
}

function figure(text: string, picture: Buffer | undefined): string {
  const image =
    picture === undefined
      ? '<p>(no picture could be taken)</p>'
      : `<img alt="${escaped(text)}" src="data:image/jpeg;base64,${picture.toString('base64')}">`;
  return `<figure>${image}<figcaption>${escaped(text)}</figcaption></figure>`;
}

function page(
  summary: ScenarioSummary,
  judgements: readonly Judgement[],
  figures: readonly string[],
): string {
  const rows = judgements.map(
    ({ name, seconds, found, missed, falseAlarms, doubled }) =>
      `<tr><td>${escaped(name)}</td><td>${seconds}</td><td>${found.length}</td><td>${missed.length}</td>
<td>${falseAlarms.length}</td><td>${doubled}</td>
<td>${found.map(({ secondsToVerify }) => secondsToVerify.toFixed(1)).join(', ')}</td>
<td>${found.map(({ iou }) => iou.toFixed(2)).join(', ')}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Scenarios</title><style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem; padding: 0 1rem; }
table { border-collapse: collapse; } td, th { border-bottom: 1px solid #ccc; padding: .2rem .8rem; text-align: left; }
img { max-width: 100%; } figure { margin: 2rem 0; }
</style></head><body>
<h1>Scenarios</h1>
<pre>${escaped(summaryText(summary))}</pre>
<table><tr><th>scenario<th>seconds<th>found<th>missed<th>false<th>doubled<th>seconds to verify<th>IoU</tr>
${rows.join('\n')}</table>
<h2>Misses and false alarms</h2>
${figures.join('\n') || '<p>None.</p>'}
</body></html>
`;
}

export function summaryText(summary: ScenarioSummary): string {
  const number = (value: number | null, digits: number): string =>
    value === null ? '-' : value.toFixed(digits);
  const { median, p95 } = summary.secondsToVerify;
  const rows: [string, string][] = [
    ['scenarios', `${summary.scenarios}, ${summary.hoursPlayed.toFixed(2)} hours of video`],
    ['damage found', `${summary.found} of ${summary.damage} (recall ${number(summary.recall, 3)})`],
    ['of these with the right class', String(summary.rightClass)],
    [
      'false alarms',
      `${summary.falseAlarms} (${summary.falseAlarmsPerCameraDay.toFixed(0)} per camera-day at this rate)`,
    ],
    ['damage reported more than once', String(summary.doubled)],
    ['seconds from visible to verified', `median ${number(median, 1)}, p95 ${number(p95, 1)}`],
    ['mean IoU of what was found', number(summary.meanIou, 2)],
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, value]) => `${label.padEnd(width)}  ${value}`).join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
