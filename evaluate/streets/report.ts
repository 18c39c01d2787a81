/** The figures as a table, and a folder with them and the picture of every false alarm. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlayedStreet } from './play.ts';
import type { StreetFigures, StreetsSummary } from './summary.ts';

/** What ran, said at the top. */
export interface Ran {
  readonly model: string;
  readonly data: string;
}

/** Writes report.json, report.md and the pictures; returns the path of report.md. */
export async function writeStreetsReport(
  dir: string,
  ran: Ran,
  summary: StreetsSummary,
  played: readonly PlayedStreet[],
): Promise<string> {
  await mkdir(dir, { recursive: true });
  const sections: string[] = [];
  const listed: object[] = [];
  for (const { name, falseAlarms } of played) {
    for (const [i, { detection, second, picture }] of falseAlarms.entries()) {
      const file = picture === null ? null : `${name.replaceAll(/[^\w.-]/g, '_')}-${i + 1}.jpg`;
      if (picture !== null && file !== null) await writeFile(join(dir, file), picture);
      const { id, damageClass, score, box, observations } = detection;
      listed.push({ street: name, id, damageClass, score, box, observations, second, picture: file });
      const seen = `seen in ${observations.seen} of ${observations.looked} looks`;
      sections.push(
        `## ${name}: ${damageClass}, score ${score.toFixed(2)}`,
        `Second ${second.toFixed(0)}, ${seen}, box ${box.map((side) => side.toFixed(3)).join(' ')}.`,
        file === null ? 'No picture came.' : `![${name}: ${damageClass}](${encodeURI(file)})`,
      );
    }
  }
  const json = { ...ran, summary, falseAlarms: listed };
  await writeFile(join(dir, 'report.json'), `${JSON.stringify(json, null, 1)}\n`);
  const page = [
    '# Streets without damage',
    `Model ${ran.model}, data ${ran.data}. Whatever is found here is a false alarm.`,
    markdown(summary),
    ...(sections.length === 0 ? ['No false alarm.'] : sections),
  ];
  const file = join(dir, 'report.md');
  await writeFile(file, `${page.join('\n\n')}\n`);
  return file;
}

const COLUMNS: readonly (readonly [title: string, value: (figures: StreetFigures) => string])[] = [
  ['street', ({ name }) => name],
  ['frames', ({ rawFrames }) => String(rawFrames)],
  ['boxes a frame', ({ rawBoxesPerFrame }) => rawBoxesPerFrame?.toFixed(3) ?? '-'],
  ['minutes played', ({ seconds }) => (seconds / 60).toFixed(1)],
  ['looks', ({ analysed }) => String(analysed)],
  ['closer looks', ({ closerLooks }) => String(closerLooks)],
  ['on road users', ({ refused }) => String(refused)],
  ['false alarms', ({ falseAlarms }) => String(falseAlarms)],
  ['per camera-day', ({ falseAlarmsPerCameraDay }) => falseAlarmsPerCameraDay?.toFixed(1) ?? '-'],
];

/** For a terminal. */
export function streetsText(summary: StreetsSummary): string {
  const rows = table(summary);
  const widths = COLUMNS.map((_, at) => Math.max(...rows.map((row) => (row[at] as string).length)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
        .join('  '),
    )
    .join('\n');
}

function markdown(summary: StreetsSummary): string {
  const [head, ...rows] = table(summary) as [string[], ...string[][]];
  const lines = [head, head.map((_, at) => (at === 0 ? '---' : '---:')), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function table({ streets, all }: StreetsSummary): string[][] {
  return [
    COLUMNS.map(([title]) => title),
    ...[...streets, all].map((figures) => COLUMNS.map(([, value]) => value(figures))),
  ];
}
