/** What the gateway knows, for other programs. */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { openEvidence } from '../evidence/open.ts';
import { recordExport } from '../exports/record.ts';
import { exportRecords, FORMATS, RECORDS, type RecordFormat } from '../exports/records.ts';
import { exportTraining } from '../exports/training.ts';
import { CLI, withStore } from './shared.ts';

export function addExports(program: Command): void {
  const exporting = program.command('export').description('what the gateway knows, for other programs');
  for (const kind of RECORDS)
    exporting
      .command(kind)
      .description(`all ${kind}`)
      .addOption(new Option('--format <format>').choices(FORMATS).default('csv'))
      .requiredOption('--to <file>', 'the file to write')
      .requiredOption('--config <file>', 'the configuration of the gateway')
      .action(({ format, to, config }: { format: RecordFormat; to: string; config: string }) =>
        withStore(config, (store, { timeZone }) =>
          recordExport(store, CLI, kind, { format }).then(() =>
            pipeline(exportRecords(store, kind, format, timeZone), createWriteStream(to)),
          ),
        ),
      );
  exporting
    .command('training')
    .description('pictures of judged alerts with their boxes, as a YOLO and a COCO set')
    .requiredOption('--to <folder>', 'the folder to write')
    .requiredOption('--config <file>', 'the configuration of the gateway')
    .action(({ to, config }: { to: string; config: string }) =>
      withStore(config, async (store, settings) => {
        await recordExport(store, CLI, 'training', {});
        const set = await exportTraining(store, openEvidence(settings), to);
        const left =
          set.withoutPicture === 0 ? '' : `; ${set.withoutPicture} judged alerts have no picture here`;
        console.log(`${set.pictures} pictures with ${set.boxes} boxes are in ${to}${left}`);
      }),
    );
}
