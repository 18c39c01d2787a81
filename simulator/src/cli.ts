/** `npm run simulate`, and `roadwatch-simulator` of the package: plays cameras over RTSP, and renders pictures of generated streets. */
import { Command, CommanderError } from 'commander';
import { addFleetCommand } from './commands/fleet.ts';
import { addRenderCommand } from './commands/render.ts';
import { addScenarioCommands } from './commands/scenario.ts';
import { addServeCommand } from './commands/serve.ts';
import { VERSION } from './version.ts';

/** As it was called: the package holds JavaScript. */
const NAME = import.meta.filename.endsWith('.ts') ? 'simulate' : 'roadwatch-simulator';

const program = new Command(NAME)
  .description('Street cameras over RTSP: from videos, pictures, folders of pictures and generated streets.')
  .version(VERSION, '--version')
  .configureOutput({ outputError: (text, write) => write(oneLine(text)) })
  .exitOverride();
addServeCommand(program);
addRenderCommand(program);
addScenarioCommands(program);
addFleetCommand(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode;
  } else {
    process.stderr.write(`${NAME}: ${(error as Error).message.split('\n')[0]}\n`);
    process.exitCode = 1;
  }
}

function oneLine(text: string): string {
  return `${NAME}: ${text
    .replace(/^error: /, '')
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ')}\n`;
}
