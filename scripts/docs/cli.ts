/** `npm run docs`: writes what the documents draw from the sources; `--check` only says what is outdated. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { generatedFiles, outdated, ROOT } from './generated.ts';

await new Command('docs')
  .description(
    'Writes the pictures, tables and editor schemas that the documents have from the sources: rooms and arrows, the states of a ticket, every key of the settings.',
  )
  .option('--check', 'write nothing; end with code 1 when a file is outdated')
  .action(async ({ check = false }: { check?: boolean }) => {
    const files = outdated(await generatedFiles());
    for (const { path, text } of files) {
      if (!check) {
        mkdirSync(dirname(join(ROOT, path)), { recursive: true });
        writeFileSync(join(ROOT, path), text);
      }
      console.log(`${path}: ${check ? 'outdated; run npm run docs' : 'written'}`);
    }
    if (check && files.length > 0) process.exitCode = 1;
  })
  .parseAsync()
  .catch((error: Error) => {
    console.error(`docs: ${error.message.split('\n')[0]}`);
    process.exitCode = 1;
  });
