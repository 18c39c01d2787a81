/** What every part of the product needs and no road is mentioned in: settings files, secrets, what people may be shown. */
export * from './private-file.ts';
export * from './redact.ts';
export * from './settings/address.ts';
export * from './settings/load.ts';
export * from './settings/problems.ts';
export * from './settings/secret.ts';
export * from './settings/yaml.ts';
