/** `npm run evaluate -- streets`: the whole agent on fixed cameras that show no damage; whatever it finds is a false alarm. */
import { shippedModel } from '@roadwatch/models';
import { type Command, InvalidArgumentError } from 'commander';
import { loadModel } from '../../agent/src/detect/model.ts';
import { type PlayedStreet, playStreets } from './play.ts';
import { countRawBoxes } from './raw.ts';
import { streetsText, writeStreetsReport } from './report.ts';
import { readStreets } from './streets.ts';
import { summarizeStreets } from './summary.ts';

interface Flags {
  readonly data: string;
  readonly model?: string;
  readonly farPass?: boolean;
  /** Commander's name for `--no-road-users`. */
  readonly roadUsers: boolean;
  readonly minutes: number;
  readonly parallel: number;
  readonly report?: string;
  readonly json?: boolean;
}

const MOST_AT_ONCE = 64;
const MOST_MINUTES = 24 * 60;

export function addStreetsCommand(program: Command): void {
  program
    .command('streets')
    .description(
      'plays real fixed cameras without damage to a real agent in real time, over and over; prints the boxes of the model alone and the false alarms after verification',
    )
    .option(
      '--data <dir>',
      'folder with street-video/ and street-frames/images/, or one of them',
      '../shared/data',
    )
    .option('--model <dir>', 'model folder; by default the one that ships')
    .option('--far-pass', 'look at the far end of the road enlarged too')
    .option('--no-road-users', 'refuse nothing that lies on a vehicle or a person')
    .option(
      '--minutes <n>',
      'so long each camera is played; Ctrl-C ends it earlier, with its figures',
      minutes,
      10,
    )
    .option('--parallel <n>', 'cameras that one agent watches at once', atOnce, 12)
    .option('--report <dir>', 'writes report.md and report.json, with the picture of every false alarm')
    .option('--json', 'print one JSON object')
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const streets = await readStreets(flags.data);
  const model = flags.model ?? shippedModel();
  const { ref } = await loadModel(model);
  const ending = new AbortController();
  const end = (): void => ending.abort();
  process.once('SIGINT', end);
  try {
    const raw = await countRawBoxes(streets, model);
    const played: PlayedStreet[] = [];
    for (let i = 0; i < streets.length && !ending.signal.aborted; i += flags.parallel) {
      const batch = streets.slice(i, i + flags.parallel);
      const settings = { model, farPass: flags.farPass ?? false, roadUsers: flags.roadUsers };
      const { signal } = ending;
      played.push(...(await playStreets(batch, settings, { seconds: flags.minutes * 60, signal })));
      console.error(`played ${batch.map(({ name }) => name).join(', ')}`);
    }
    const summary = summarizeStreets(played, raw);
    if (flags.json) console.log(JSON.stringify(summary));
    else console.log(streetsText(summary));
    if (flags.report === undefined) return;
    const ran = { model: `${ref.name}-${ref.version}`, data: flags.data };
    const file = await writeStreetsReport(flags.report, ran, summary, played);
    if (!flags.json) console.log(file);
  } finally {
    process.removeListener('SIGINT', end);
  }
}

function atOnce(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= MOST_AT_ONCE) return value;
  throw new InvalidArgumentError(`expected a whole number from 1 to ${MOST_AT_ONCE}.`);
}

function minutes(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= MOST_MINUTES) return value;
  throw new InvalidArgumentError(`expected more than 0 and at most ${MOST_MINUTES}.`);
}
