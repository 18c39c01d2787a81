/**
 * `npm run package -- agent|gateway --target linux-x64|linux-arm64`: what is installed on machines without npm and without internet.
 * `npm run package -- simulator`: packages of npm, for those who want its cameras in tests of their own.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { SUMS } from './checksums.ts';
import { makeLibraries } from './library/make-libraries.ts';
import { makePackage } from './make-package.ts';
import { PRODUCTS } from './product.ts';
import { TARGETS } from './target.ts';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const MIB = 2 ** 20;
/** Made as packages of npm, with what it shares with others. */
const SIMULATOR = 'simulator';

interface Options {
  readonly target: string;
  readonly revision: number;
  readonly out: string;
}

await new Command('package')
  .description(
    'Makes a Debian package, an archive with an install script, and a bill of materials, from the lock file; of the simulator, packages of npm.',
  )
  .addArgument(new Argument('<program>').choices([...PRODUCTS.map(({ name }) => name), SIMULATOR]))
  .addOption(
    new Option('--target <target>', 'the machine that it is for')
      .choices(TARGETS.map(({ name }) => name))
      .default('linux-x64'),
  )
  .option('--revision <number>', 'raised when the same version is packaged anew', wholeNumber, 1)
  .option('--out <folder>', 'where to put them', 'packages')
  .showHelpAfterError('(--help tells more)')
  .action(async (program: string, options: Options, command: Command) => {
    const out = resolve(options.out);
    if (program === SIMULATOR) {
      for (const option of ['target', 'revision'])
        if (command.getOptionValueSource(option) === 'cli')
          throw new Error(
            `--${option}: a package of npm is for every machine, with the version of its package.json`,
          );
      const made = await makeLibraries({ root, madeAt: madeAt(), out });
      console.log([...made, resolve(out, SUMS)].join('\n'));
      return;
    }
    const product = PRODUCTS.find(({ name }) => name === program);
    const target = TARGETS.find(({ name }) => name === options.target);
    if (product === undefined || target === undefined) throw new Error('unreachable: commander has checked');
    const made = await makePackage({
      root,
      product,
      target,
      revision: options.revision,
      madeAt: madeAt(),
      out,
    });
    console.log(
      [
        made.deb,
        made.bundle,
        made.sbom,
        `${resolve(out, SUMS)}`,
        `installed: ${(made.installedBytes / MIB).toFixed(1)} MiB, ${made.files} files and folders`,
        ...(target.cpu === process.arch
          ? []
          : [`assembled from the registry's packages, and not run: this machine is ${process.arch}`]),
      ].join('\n'),
    );
  })
  .parseAsync()
  .catch((error: Error) => {
    console.error(`package: ${error.message}`);
    process.exitCode = 1;
  });

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('expected a whole number from 1 on');
  return Number(text);
}

/** The same sources give the same packages: their time is that of the commit, or what the convention of reproducible builds says. */
function madeAt(): Date {
  const { SOURCE_DATE_EPOCH: told } = process.env;
  if (told !== undefined && !/^\d{1,11}$/.test(told))
    throw new Error(`SOURCE_DATE_EPOCH is ${JSON.stringify(told)}; expected seconds since 1970`);
  const seconds =
    told ?? spawnSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' }).stdout?.trim();
  if (seconds === undefined || seconds === '')
    throw new Error('SOURCE_DATE_EPOCH is needed where there is no git history: seconds since 1970');
  return new Date(Number(seconds) * 1000);
}
