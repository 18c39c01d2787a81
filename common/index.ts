/** What every part of the product needs and no road is mentioned in: settings files, secrets, waiting, what is logged how often, what people may be shown. */
export * from './backoff.ts';
export * from './log.ts';
export * from './log-limit.ts';
export * from './outage-log.ts';
export * from './private-file.ts';
export * from './redact.ts';
export * from './semaphore.ts';
export * from './service-manager.ts';
export * from './settings/address.ts';
export * from './settings/load.ts';
export * from './settings/problems.ts';
export * from './settings/public-key.ts';
export * from './settings/secret.ts';
export * from './settings/secret-source.ts';
export * from './settings/yaml.ts';
export * from './steady-clock.ts';
export * from './system-code.ts';
