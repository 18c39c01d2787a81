/** `render scene:NAME --out DIR`: labelled pictures of generated streets, each different, for a training mix. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { DAMAGE_KINDS } from '../street/damage.ts';
import { WEATHERS, type Weather } from '../street/light.ts';
import { type NamedScene, SCENES } from '../street/named.ts';
import { writeSamples } from '../street/samples.ts';
import { number, size } from './options.ts';

interface RenderFlags {
  readonly out: string;
  readonly frames: number;
  readonly seed: number;
  readonly size: { width: number; height: number };
  readonly weather?: Weather;
}

/** `mixed` draws from every kind of damage; any other scene from the kinds that occur in it. */
const MIXED = 'mixed';

export function addRenderCommand(program: Command): void {
  program
    .command('render')
    .description('write labelled pictures (YOLO) of many generated streets')
    .argument('<scene>', `scene:NAME, of ${MIXED}, ${Object.keys(SCENES).join(', ')}`, sceneName)
    .requiredOption('--out <dir>', 'folder for images/, labels/ and classes.txt')
    .option('--frames <n>', 'pictures', number(1, 100_000, true), 100)
    .option(
      '--seed <n>',
      'seed of the first picture; the next take the next seeds',
      number(0, 2 ** 30, true),
      1,
    )
    .option('--size <WxH>', 'picture size', size, { width: 640, height: 640 })
    .addOption(new Option('--weather <name>', 'one weather for all pictures').choices(WEATHERS))
    .action(render);
}

async function render(scene: string, flags: RenderFlags): Promise<void> {
  const ending = new AbortController();
  process.once('SIGTERM', () => ending.abort(new Error('ended by SIGTERM')));
  process.once('SIGINT', () => ending.abort(new Error('ended by SIGINT')));
  const plan = SCENES[scene];
  const kinds =
    plan === undefined ? DAMAGE_KINDS : [...new Set(plan.events.map(({ damage }) => damage.kind))];
  const weather = flags.weather ?? weatherOf(plan);
  const boxes = await writeSamples(
    flags.out,
    `street_${scene}`,
    { frames: flags.frames, seed: flags.seed, ...flags.size, kinds, ...(weather && { weather }) },
    ending.signal,
  );
  process.stdout.write(`${flags.frames} pictures, ${boxes} boxes in ${flags.out}\n`);
}

function sceneName(text: string): string {
  const name = text.replace(/^scene:/, '');
  if (name === MIXED || name in SCENES) return name;
  throw new InvalidArgumentError(
    `Known scenes: ${[MIXED, ...Object.keys(SCENES)].map((n) => `scene:${n}`).join(', ')}.`,
  );
}

/** Scenes by day stand for any weather; the others are asked for because of theirs. */
function weatherOf(scene: NamedScene | undefined): Weather | undefined {
  const weather = scene?.weather[0]?.is;
  return weather === 'day' || weather === 'overcast' ? undefined : weather;
}
