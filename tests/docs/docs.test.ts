/** What the documents say can be typed is typed here; what they point at exists. */
import { execFile } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { commandsIn, type DocumentedCommand, linksIn, optionsOf, subcommandsOf } from './markdown.ts';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../..');
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

const documents = globSync('**/*.md', { cwd: ROOT, exclude: (name) => name.includes('node_modules') }).filter(
  (path) => !/_template\.md$|COORDINATION\.md$/.test(path),
);

/** Subcommands that are meant when none is named. */
const DEFAULT_SUBCOMMANDS: Readonly<Record<string, string>> = { simulate: 'serve', evaluate: 'pictures' };

const helps = new Map<string, Promise<string>>();
/** What `--help` prints for a script and a subcommand of it. */
function helpOf(script: string, words: readonly string[]): Promise<string> {
  const key = [script, ...words].join(' ');
  let help = helps.get(key);
  if (help === undefined) {
    const file = (scripts[script] as string).split(' ').at(-1) as string;
    help = run(process.execPath, [file, ...words, '--help'], { cwd: ROOT }).then(({ stdout }) => stdout);
    helps.set(key, help);
  }
  return help;
}

/** The options that a documented command may have, as its own `--help` lists them. */
async function allowedOptions(command: DocumentedCommand): Promise<readonly string[]> {
  const words: string[] = [];
  const options = optionsOf(await helpOf(command.script, words));
  for (const word of command.words) {
    const help = await helpOf(command.script, words);
    if (!subcommandsOf(help).includes(word)) break;
    words.push(word);
    options.push(...optionsOf(await helpOf(command.script, words)));
  }
  const byDefault = DEFAULT_SUBCOMMANDS[command.script];
  if (byDefault !== undefined && words.length === 0)
    options.push(...optionsOf(await helpOf(command.script, [byDefault])));
  return options;
}

describe.each(documents)('%s', (path) => {
  const text = readFileSync(join(ROOT, path), 'utf8');

  test('points at files that exist', () => {
    const missing = linksIn(text).filter((link) => !existsSync(resolve(ROOT, dirname(path), link)));
    expect(missing).toEqual([]);
  });

  test('names commands and options that exist', async () => {
    const wrong: string[] = [];
    for (const command of commandsIn(text)) {
      if (scripts[command.script] === undefined) wrong.push(`npm run ${command.script}`);
      else if (command.options.length > 0) {
        const allowed = await allowedOptions(command);
        const unknown = command.options.filter((option) => !allowed.includes(option));
        if (unknown.length > 0) wrong.push(`${command.text}: ${unknown.join(' ')}`);
      }
    }
    expect(wrong).toEqual([]);
    // Each command is asked for its help, one after the other.
  }, 240_000);
});

describe('the example configurations', () => {
  test.each(['agent', 'gateway'])('of the %s are valid', async (part) => {
    const args = [`${part}/src/cli.ts`, '--config', `${part}/${part}.example.yaml`, '--check-config'];
    const env = { ...process.env, ROADWATCH_MQTT_PASSWORD: 'secret', CAMERA_PASSWORD: 'secret' };
    await expect(run(process.execPath, args, { cwd: ROOT, env })).resolves.toBeDefined();
  });
});
