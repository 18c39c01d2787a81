/** `npm run evaluate -- --data DIR [--model DIR] [--json]`: how good a model is on labelled pictures. */

import { ModelError, shippedModel } from '@roadwatch/models';
import { ScenarioError } from '@roadwatch/simulator';
import { Command, InvalidArgumentError } from 'commander';
import { UnusableSourceError } from '../simulator/src/media/process.ts';
import { DatasetError } from './dataset.ts';
import { type Evaluation, evaluate } from './run.ts';
import { addScenarioCommand, ScenarioPathError } from './scenario/command.ts';
import { addStreetsCommand } from './streets/command.ts';
import { StreetsError } from './streets/streets.ts';

const program = new Command('evaluate').description(
  'How good a model is on labelled pictures (the default), and how good the agent is on scenarios and on real streets.',
);
program
  .command('pictures', { isDefault: true })
  .description(
    'Runs labelled pictures (YOLO text format) through the agent’s own scaling, session and decoding and prints how good the model is.',
  )
  .requiredOption('--data <dir>', 'folder with images/ and labels/, and classes.txt in it or above it')
  .option('--model <dir>', 'model folder (manifest.json and the .onnx file); by default the one that ships')
  .option('--threads <n>', 'threads of the session', positiveInteger, 1)
  .option('--json', 'print one JSON object')
  .action(async (options: { data: string; model?: string; threads: number; json?: boolean }) => {
    const result = await evaluate({
      ...options,
      model: options.model ?? shippedModel(),
      onProgress: showProgress,
    });
    console.log(options.json ? JSON.stringify(result) : table(result));
  });

addScenarioCommand(program);
addStreetsCommand(program);

try {
  await program.parseAsync();
} catch (error) {
  const expected = [
    DatasetError,
    ModelError,
    ScenarioError,
    ScenarioPathError,
    StreetsError,
    UnusableSourceError,
  ];
  if (!expected.some((kind) => error instanceof kind)) throw error;
  console.error(`evaluate: ${(error as Error).message}`);
  process.exitCode = 1;
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 64)
    throw new InvalidArgumentError('expected a whole number from 1 to 64.');
  return value;
}

function showProgress(done: number, all: number): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(done === all ? '\r\x1b[K' : `\r${done} of ${all} pictures`);
}

function table(result: Evaluation): string {
  const percent = (value: number | null): string =>
    value === null ? '-' : (100 * value).toFixed(1).padStart(5);
  const rows: [string, string][] = [
    ['model', `${result.model.name}-${result.model.version}`],
    [
      'pictures',
      `${result.pictures} (${result.emptyPictures} without damage, ${result.unreadable.length} unreadable)`,
    ],
    ...Object.entries(result.ap50).map(([name, ap]): [string, string] => [`AP50 ${name}`, percent(ap)]),
    ['mAP50', percent(result.mAP50)],
    ['mAP50-95', percent(result.mAP50_95)],
    ['precision at the deployed thresholds, IoU 0.5', percent(result.precision)],
    ['recall at the deployed thresholds, IoU 0.5', percent(result.recall)],
    ['damage recall, any class, IoU 0.3', percent(result.damageRecall['0.3'])],
    ['damage recall, any class, IoU 0.5', percent(result.damageRecall['0.5'])],
    ['damage AP50, any class', percent(result.damageAp50)],
    ['false boxes per picture without damage', result.falseBoxesPerEmptyPicture?.toFixed(3) ?? '-'],
    [`ms per picture, ${result.threads} thread(s), median`, result.msMedian.toFixed(1)],
    [`ms per picture, ${result.threads} thread(s), p95`, result.msP95.toFixed(1)],
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, value]) => `${label.padEnd(width)}  ${value}`).join('\n');
}
