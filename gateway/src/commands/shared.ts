/** What the commands of whoever runs the gateway share. */
import { logRecordOptions } from '@roadwatch/common';
import { type Logger, pino } from 'pino';
import { type Config, readConfig } from '../config/config.ts';
import { openStore } from '../main.ts';
import { Settings } from '../settings/settings.ts';
import { VERSION } from '../version.ts';

/** As the audit names whoever gives them. */
export const CLI = { name: 'system', channel: 'cli' };

export async function withStore(
  file: string,
  work: (store: Awaited<ReturnType<typeof openStore>>, config: Config) => Promise<void>,
): Promise<void> {
  const config = configOf(file);
  const store = await openStore(config, logger(config));
  try {
    await work(store, config);
  } finally {
    await store.close();
  }
}

/** As the gateway itself has it: with the city's settings from the store, and those of the file where it has none yet. */
export async function withSettings(
  file: string,
  work: (store: Awaited<ReturnType<typeof openStore>>, config: Config) => Promise<void>,
): Promise<void> {
  await withStore(file, async (store, config) =>
    work(store, (await Settings.read(store, config, logger(config))).config),
  );
}

export function configOf(file: string | undefined): Config {
  if (file === undefined)
    throw new Error('--config FILE is needed; gateway/gateway.example.yaml is one to begin with');
  return readConfig(file);
}

/** The log goes to standard error; standard output holds what a person needs to know. */
export function logger(config: Config): Logger {
  return pino(
    {
      level: config.log.level,
      ...logRecordOptions({ name: 'roadwatch-gateway', version: VERSION }),
    },
    pino.destination({ fd: 2, sync: true }),
  );
}

export function nameError(name: string): Error {
  return new Error(`${name}: expected lower-case letters, digits, dots, hyphens and underscores, at most 63`);
}
