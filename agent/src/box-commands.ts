/** What a person does at a box besides running it. Each command loads what it needs itself: the agent alone is small. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LOG_LEVELS, type LogLevel } from '@roadwatch/contract';
import { Argument, type Command, Option } from 'commander';
import { interruptible } from './interruptible.ts';
import { LANGUAGES, type Language, languageOf, type Words } from './language.ts';
import type { PackageToCheck } from './updates/check-package.ts';

export function addBoxCommands(program: Command): void {
  program
    .command('init')
    .description(
      'finds the cameras, looks at each, pairs the box with its gateway and writes its configuration',
    )
    .requiredOption(
      '--config <file>',
      'the file to write; nothing that is there is written over but the untouched example',
    )
    .option('--code <code>', 'the pairing code; every user of this machine can see it meanwhile')
    .option(
      '--code-file <file>',
      'the same, read from a file, or with - from standard input; else it is asked',
    )
    .option('--login-file <file>', 'holds USER:PASSWORD of the cameras; else it is asked')
    .option('--login-env <name>', 'a variable that holds it')
    .option('--camera <address...>', 'a camera by its address: HOST, HOST:PORT of ONVIF, or rtsp://HOST/PATH')
    .option('--range <range...>', 'addresses to look at besides, such as 192.168.1.0/24')
    .option('--no-discover', 'do not ask the local network for cameras')
    .option('--gateway-ca-file <file>', 'a private authority that vouches for the gateway')
    .option(
      '--data-dir <folder>',
      'where the agent keeps its data; else beside the file, or where its package has it',
    )
    .option('--dry-run', 'say what would be written; write and pair nothing')
    .addOption(language())
    .action(init);
  program
    .command('doctor')
    .description('looks at all that the box needs, also beside the running agent, and says what to mend')
    .requiredOption('--config <file>', 'of the agent')
    .option('--json', 'for programs')
    .addOption(language())
    .action(doctor);
  program
    .command('status')
    .description('what the running agent on this box says of itself and its cameras')
    .requiredOption('--config <file>', 'of the agent')
    .option('--json', 'for programs')
    .addOption(language())
    .action(status);
  program
    .command('log-level')
    .description(
      'what the running agent on this box logs; with a level, what it logs until its next start, whatever its settings say',
    )
    .addArgument(new Argument('[level]', 'settings: as they say again').choices([...LOG_LEVELS, 'settings']))
    .requiredOption('--config <file>', 'of the agent')
    .addOption(language())
    .action(logLevel);
  program
    .command('check-package', { hidden: true })
    .description('for the updater: who has signed a package of the agent, and whether it is what was signed')
    .requiredOption('--config <file>', 'of the agent')
    .requiredOption('--note <file>', 'VERSION.json of the spool')
    .requiredOption('--package <file>', 'the package, .deb or .tar.gz')
    .action(checkPackageOf);
  program
    .command('support-bundle')
    .description('packs what helps to find a fault, without secrets: settings, versions, doctor, status, log')
    .requiredOption('--config <file>', 'of the agent')
    .option('--to <file>', 'the archive to make (.tar.gz); else one in the folder for temporary files')
    .option('--log <file>', 'the log of the agent, or with - standard input; else the journal is asked')
    .addOption(language())
    .action(supportBundle);
}

/** The one that was asked for, else that of whoever sits there. */
export function chosenLanguage(): Language {
  const [, given] = /--lang[= ](en|zh)\b/.exec(process.argv.join(' ')) ?? [];
  return (given as Language | undefined) ?? languageOf(process.env);
}

function language(): Option {
  return new Option('--lang <language>', 'what is said, in which language; else by LANG').choices(LANGUAGES);
}

interface InitCommand {
  readonly config: string;
  readonly code?: string;
  readonly codeFile?: string;
  readonly loginFile?: string;
  readonly loginEnv?: string;
  readonly camera?: readonly string[];
  readonly range?: readonly string[];
  readonly discover: boolean;
  readonly gatewayCaFile?: string;
  readonly dataDir?: string;
  readonly dryRun?: boolean;
}

async function init({ camera = [], range = [], dryRun = false, ...options }: InitCommand): Promise<void> {
  const { initBox } = await import('./setup/init.ts');
  const chosen = chosenLanguage();
  const told = {
    say: (words: Words) => process.stderr.write(`${words[chosen]}\n`),
    print: (text: string) => process.stdout.write(text),
  };
  const given = {
    ...options,
    dryRun,
    cameras: camera,
    ranges: range,
    service: process.env.ROADWATCH_SERVICE,
  };
  await interruptible((signal) => initBox(given, chosen, told, signal));
}

interface ReadCommand {
  readonly config: string;
  readonly json?: true;
}

/** Ends with 1 where something has to be mended. */
async function doctor({ config, json }: ReadCommand): Promise<void> {
  const { examine, examinedText } = await import('./doctor/doctor.ts');
  await interruptible(async (signal) => {
    const findings = await examine(config, signal);
    process.stdout.write(
      json ? `${JSON.stringify({ findings }, null, 2)}\n` : examinedText(findings, chosenLanguage()),
    );
    process.exitCode = findings.some(({ level }) => level === 'fail') ? 1 : 0;
  });
}

/** Ends with 1 where not all is well, with 3 where no agent answers, as service managers have it (LSB). */
async function status({ config, json }: ReadCommand): Promise<void> {
  const { healthOf, askRunning } = await import('./doctor/running-agent.ts');
  const { statusText, NOT_RUNNING } = await import('./support/status-text.ts');
  const running = await askRunning(healthOf(config));
  if (running === null) {
    process.stderr.write(`${NOT_RUNNING[chosenLanguage()]}\n`);
    process.exitCode = 3;
    return;
  }
  process.stdout.write(
    json ? `${JSON.stringify(running, null, 2)}\n` : statusText(running, chosenLanguage()),
  );
  const isWell = running.status === 'ok' && running.cameras.every(({ state }) => state === 'streaming');
  process.exitCode = isWell ? 0 : 1;
}

/** Ends with 3 where no agent answers. */
async function logLevel(
  asked: LogLevel | 'settings' | undefined,
  { config }: { readonly config: string },
): Promise<void> {
  const { readDataDir } = await import('./config/config.ts');
  const { askLogLevel } = await import('./control/ask.ts');
  const now = await askLogLevel(readDataDir(config), asked === 'settings' ? null : asked);
  const chosen = chosenLanguage();
  if (now === null) {
    process.stderr.write(`${NOT_ANSWERING[chosen]}\n`);
    process.exitCode = 3;
    return;
  }
  const { logLevelText } = await import('./support/status-text.ts');
  process.stdout.write(`${logLevelText(now)[chosen]}\n`);
}

const NOT_ANSWERING: Words = {
  en: 'no agent answers in the data folder; is it started?',
  zh: '数据目录中没有程序应答；程序是否已启动？',
};

/** One line for a shell: `ok VERSION`, or `refused CODE SENTENCE` and 1. */
async function checkPackageOf(given: PackageToCheck): Promise<void> {
  const { checkPackage } = await import('./updates/check-package.ts');
  const { UpdateRefusal } = await import('./updates/update-refusal.ts');
  try {
    process.stdout.write(`ok ${await checkPackage(given)}\n`);
  } catch (error) {
    const code = error instanceof UpdateRefusal ? error.code : 'update_failed';
    process.stdout.write(`refused ${code} ${(error as Error).message.replaceAll('\n', ' ')}\n`);
    process.exitCode = 1;
  }
}

interface BundleCommand {
  readonly config: string;
  readonly to?: string;
  readonly log?: string;
}

async function supportBundle({ config, log, ...given }: BundleCommand): Promise<void> {
  const { makeBundle } = await import('./support/bundle.ts');
  const name = `roadwatch-support-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.tar.gz`;
  const to = given.to ?? join(tmpdir(), name);
  await interruptible(async (signal) => {
    const { isLogEmpty } = await makeBundle({ config, to, log }, signal);
    const chosen = chosenLanguage();
    process.stderr.write(`${bundleWords(to)[chosen]}\n`);
    if (isLogEmpty) process.stderr.write(`${EMPTY_LOG[chosen]}\n`);
  });
}

const EMPTY_LOG: Words = {
  en: 'the log in it is empty; run it with sudo, or name the log of the agent with --log FILE',
  zh: '其中日志为空；请用 sudo 运行，或用 --log 文件 指定程序日志',
};

function bundleWords(to: string): Words {
  return {
    en: `${to} is made, without secrets; look through it before you hand it on`,
    zh: `已生成 ${to}，不含密码等机密；转交前请先查看`,
  };
}
